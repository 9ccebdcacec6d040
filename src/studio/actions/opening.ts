import type { Failure, Outcome } from '../../network/failure';
import type { ImagesSummary, NetworkSummary } from '../../../workers/protocol/service';
import type { Studio } from '../../../workers/protocol/studio';
import type { StudioStore } from '../store/store';
import { withImages, withJob, withNetwork } from '../store/transitions';
import type { JobRunner } from './jobRunner';

export interface OpeningActions {
  openNetwork(files: readonly File[]): Promise<void>;
  openImages(files: readonly File[]): Promise<void>;
  /** Files of either kind, sorted by what they hold. */
  openDropped(files: readonly File[]): Promise<void>;
}

type NamedFile = Parameters<Studio['openNetwork']>[1][number];

/** More files than this are never tried one by one as networks: they are a folder of images. */
const mostCandidates = 8;

/**
 * @param whenReady settles once the threads have started
 * @param onNetwork called after a network took its place in the store
 */
export function createOpening(
  store: StudioStore,
  studio: Studio,
  jobs: JobRunner,
  whenReady: Promise<unknown>,
  onNetwork: () => void,
): OpeningActions {
  const tryNetwork = (files: readonly File[]) =>
    jobs.run<NetworkSummary>('network', `Reading ${titleOf(files)}`, async (signal) => {
      await whenReady;
      const read = await readFiles(files);
      return read.ok ? studio.openNetwork(signal, read.value) : read;
    });

  const tryImages = (files: readonly File[]) =>
    jobs.run<ImagesSummary>('images', `Reading ${titleOf(files)}`, async (signal) => {
      await whenReady;
      const read = await readFiles(files);
      return read.ok ? studio.openImages(signal, read.value) : read;
    });

  function takeNetwork(files: readonly File[], outcome: Outcome<NetworkSummary>): void {
    if (!outcome.ok) return;
    store.setState((state) => withNetwork(state, stemOf(files), outcome.value));
    onNetwork();
  }

  function takeImages(outcome: Outcome<ImagesSummary>): void {
    if (outcome.ok) store.setState((state) => withImages(state, outcome.value));
  }

  async function openNetwork(files: readonly File[]): Promise<void> {
    if (files.length > 0) takeNetwork(files, await tryNetwork(files));
  }

  async function openImages(files: readonly File[]): Promise<void> {
    if (files.length > 0) takeImages(await tryImages(files));
  }

  /** One group of files: a network if it is one, else images; the more telling of two failures stays. */
  async function openEither(files: readonly File[]): Promise<void> {
    const asNetwork = await tryNetwork(files);
    if (asNetwork.ok || asNetwork.failure.code !== 'unreadable-file') return takeNetwork(files, asNetwork);
    store.setState((state) => withJob(state, 'network', null));
    const asImages = await tryImages(files);
    if (asImages.ok || asImages.failure.code !== 'unreadable-file') return takeImages(asImages);
    showBoth(asNetwork.failure, asImages.failure);
  }

  /** Where nothing is recognised, the sentence stands where something is still missing. */
  function showBoth(asNetwork: Failure, asImages: Failure): void {
    store.setState((state) => {
      if (state.network) return state;
      const failed = { state: 'failed', title: 'Reading', failure: betterOf(asNetwork, asImages) } as const;
      return withJob(withJob(state, 'images', null), 'network', failed);
    });
  }

  async function openDropped(files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    if (files.length === 1 || files.length > mostCandidates) return openEither(files);
    const images: File[] = [];
    let hasNetwork = false;
    for (const file of files) {
      const outcome = await tryNetwork([file]);
      if (outcome.ok) hasNetwork = true;
      takeNetwork([file], outcome);
      if (!outcome.ok && outcome.failure.code === 'unreadable-file') images.push(file);
      else if (!outcome.ok) return openEither(files);
    }
    store.setState((state) => withJob(state, 'network', null));
    if (images.length > 0) await (hasNetwork ? openImages(images) : openEither(images));
  }

  return { openNetwork, openImages, openDropped };
}

/** The longer sentence says more about what the file seems to be. */
function betterOf(a: Failure, b: Failure): Failure {
  return b.message.length > a.message.length ? b : a;
}

async function readFiles(files: readonly File[]): Promise<Outcome<NamedFile[]>> {
  try {
    return { ok: true, value: await Promise.all(files.map(readFile)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${titleOf(files)} could not be read from the disk: ${reason}`;
    return { ok: false, failure: { code: 'unreadable-file', message } };
  }
}

async function readFile(file: File): Promise<NamedFile> {
  return { name: file.webkitRelativePath || file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
}

function titleOf(files: readonly File[]): string {
  const [first] = files;
  if (!first) return 'no file';
  return files.length === 1 ? first.name : `${first.name} and ${files.length - 1} more`;
}

function stemOf(files: readonly File[]): string {
  return (files[0]?.name ?? 'network').replace(/(?<=.)\.[^.]*$/, '');
}
