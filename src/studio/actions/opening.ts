import { canonicalKey } from '../../network/canonical';
import { outcomeOf, type Failure, type Outcome } from '../../network/failure';
import type { ImagesSummary, NetworkSummary } from '../../../workers/protocol/summaries';
import type { Studio } from '../../../workers/protocol/studio';
import type { StudioStore } from '../store/store';
import { withImages, withTuning } from '../../project/transitions';
import { onlyJob, withStatus, type JobStatus } from '../../project/jobStatus';
import { readingOf } from '../../project/settings';
import { withNetwork } from '../store/transitions';
import type { StudioState } from '../store/state';
import { pathOf } from './droppedFiles';
import type { JobRunner } from '../../project/jobRunner';
import { isSideFile, withSideFiles } from './sideFiles';
import { titleOf } from './titles';

export interface OpeningActions {
  openNetwork(files: readonly File[]): Promise<void>;
  openImages(files: readonly File[]): Promise<void>;
  /** Images of their own for calibration and selection. */
  openTuning(files: readonly File[]): Promise<void>;
  /** Files of either kind, folders and archives of them, sorted by what they hold. */
  openDropped(files: readonly File[] | Promise<readonly File[]>): Promise<void>;
}

type NamedFile = Parameters<Studio['openNetwork']>[1][number];
/** Gives files with their bytes, read from the disk or unpacked before. */
type Source = () => Promise<Outcome<readonly NamedFile[]>>;

/**
 * @param whenReady settles once the threads have started
 */
export function createOpening(
  store: StudioStore,
  studio: Studio,
  jobs: JobRunner,
  whenReady: Promise<unknown>,
): OpeningActions {
  const tryNetwork = (names: readonly string[], source: Source) =>
    jobs.run<NetworkSummary>(onlyJob('network'), `Reading ${listed(names)}`, async (signal) => {
      await whenReady;
      const read = await source();
      return read.ok ? studio.openNetwork(signal, read.value) : read;
    });

  /** The images that were opened last, and the network that they were fitted to. */
  let latest: { names: readonly string[]; source: Source; network: string | null } | null = null;
  let latestTuning: readonly File[] = [];
  /** Images that were refused for their classes: a file that says them may still come. */
  let refused: { names: readonly string[]; source: Source } | null = null;

  const tryImages = (names: readonly string[], source: Source) =>
    jobs.run<ImagesSummary>(onlyJob('images'), `Reading ${listed(names)}`, async (signal) => {
      await whenReady;
      const read = await source();
      const network = networkOf(store);
      const reading = readingFrom(store);
      const outcome = read.ok ? await studio.openImages(signal, read.value, network, reading) : read;
      if (outcome.ok) {
        latest = { names, source, network };
        refused = null;
      } else if (outcome.failure.code === 'images-do-not-fit') refused = { names, source };
      return outcome;
    });

  /** Opens images; files that only say what the classes are belong to the images opened before. */
  async function tryImagesOrClasses(names: readonly string[], source: Source) {
    const former = refused ?? latest;
    if (!former || !names.every(isSideFile)) return tryImages(names, source);
    return tryImages(former.names, () => together(former.source, source));
  }

  /** Pictures have no size of their own, nor classes their indices: another network may want them read anew. */
  async function refitImages(): Promise<void> {
    if (!latest || latest.network === networkOf(store) || !dependsOnNetwork(store)) return;
    const { names, source } = latest;
    latest = null;
    const outcome = await tryImages(names, source);
    const { images } = store.getState();
    const isSame = outcome.ok && images && isSameSet(outcome.value, images);
    if (!isSame) takeImages(outcome);
  }

  /** A person decided otherwise how files are read. */
  async function rereadImages(): Promise<void> {
    const { tuning } = store.getState();
    if (latest) takeImages(await tryImages(latest.names, latest.source));
    if (tuning) await openTuning(latestTuning);
  }

  store.subscribe((state, former) => {
    const [reading, before] = [state, former].map(({ document }) => readingOf(document.settings));
    if (canonicalKey(reading) !== canonicalKey(before)) void rereadImages();
  });

  function takeNetwork(names: readonly string[], outcome: Outcome<NetworkSummary>): void {
    if (!outcome.ok) return;
    store.setState((state) => withNetwork(state, titleOf(names), outcome.value));
    void refitImages();
  }

  function takeImages(outcome: Outcome<ImagesSummary>): void {
    if (!outcome.ok) return;
    store.setState((state) => withImages(state, outcome.value));
    void refitImages();
  }

  async function openNetwork(files: readonly File[]): Promise<void> {
    const names = files.map(pathOf);
    if (files.length > 0) takeNetwork(names, await tryNetwork(names, () => readFiles(files)));
  }

  async function openImages(files: readonly File[]): Promise<void> {
    if (files.length > 0) takeImages(await tryImagesOrClasses(files.map(pathOf), () => readFiles(files)));
  }

  async function openTuning(files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    latestTuning = files;
    const title = `Reading ${listed(files.map(pathOf))}`;
    const outcome = await jobs.run<ImagesSummary>(onlyJob('tuning'), title, async (signal) => {
      await whenReady;
      const read = await readFiles(files);
      return read.ok ? studio.openImages(signal, read.value, networkOf(store), readingFrom(store)) : read;
    });
    if (outcome.ok) store.setState((state) => withTuning(state, outcome.value));
  }

  /** What holds no network: images, or neither; then the more telling of two failures stays. */
  async function openOthers(files: readonly File[], others: readonly NamedFile[]): Promise<void> {
    const asImages = await tryImagesOrClasses(names(others), () => known(others));
    if (asImages.ok || asImages.failure.code !== 'unreadable-file') return takeImages(asImages);
    const asNetwork = await tryNetwork(files.map(pathOf), () => readFiles(files));
    if (!asNetwork.ok) showBoth(asNetwork.failure, asImages.failure);
  }

  /** Where nothing is recognised, the sentence stands where something is still missing. */
  function showBoth(asNetwork: Failure, asImages: Failure): void {
    store.setState((state) => {
      if (state.network) return withJob(state, 'network', null);
      const failed = { state: 'failed', title: 'Reading', failure: betterOf(asNetwork, asImages) } as const;
      return withJob(withJob(state, 'images', null), 'network', failed);
    });
  }

  /** A folder may hold what the browser is not allowed to read. */
  function unreadable(error: unknown): null {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `What was dropped could not be read from the disk: ${reason}`;
    const failure = { code: 'unreadable-file', message } as const;
    store.setState((state) => withJob(state, 'network', { state: 'failed', title: 'Reading', failure }));
    return null;
  }

  async function openDropped(dropped: readonly File[] | Promise<readonly File[]>): Promise<void> {
    const files = await Promise.resolve(dropped).catch(unreadable);
    if (files === null || files.length === 0) return;
    const sorted = await jobs.run(
      onlyJob('network'),
      `Looking at ${listed(files.map(pathOf))}`,
      async (signal) => {
        await whenReady;
        const read = await readFiles(files);
        return read.ok ? studio.sortFiles(signal, read.value) : read;
      },
    );
    if (!sorted.ok) return;
    const { network, images } = sorted.value;
    if (network.length === 0) return openOthers(files, images);
    takeNetwork(names(network), await tryNetwork(names(network), () => known(network)));
    if (images.length === 0) return;
    const asImages = await tryImages(names(images), () => known(images));
    takeImages(asImages);
    // A network's folder may hold notes and logs that are nobody's images.
    if (!asImages.ok && asImages.failure.code === 'unreadable-file')
      store.setState((state) => withJob(state, 'images', null));
  }

  return { openNetwork, openImages, openTuning, openDropped };
}

function withJob(state: StudioState, kind: string, status: JobStatus | null): StudioState {
  return { ...state, jobs: withStatus(state.jobs, onlyJob(kind), status) };
}

const names = (files: readonly NamedFile[]) => files.map(({ name }) => name);
const known = (files: readonly NamedFile[]) => Promise.resolve({ ok: true, value: files } as const);

function networkOf(store: StudioStore): string | null {
  return store.getState().network?.summary.fingerprint ?? null;
}

function readingFrom(store: StudioStore) {
  return readingOf(store.getState().document.settings);
}

/** Whether the images that are open would be read otherwise for another network. */
function dependsOnNetwork(store: StudioStore): boolean {
  const { images, network } = store.getState();
  if (!images || images.isFitted) return images !== null;
  const { matching, labels, classNames } = images;
  const isByFormer = matching?.by === 'names' && matching.file === null;
  return isByFormer || Boolean(labels && classNames && network?.summary.classNames);
}

function isSameSet(a: ImagesSummary, b: ImagesSummary): boolean {
  return a.fingerprint === b.fingerprint && a.matching?.by === b.matching?.by;
}

/** Files of images with others that came after them and say what the classes are. */
async function together(images: Source, side: Source): Promise<Outcome<readonly NamedFile[]>> {
  const [first, later] = await Promise.all([images(), side()]);
  if (!first.ok) return first;
  return later.ok ? { ok: true, value: withSideFiles(first.value, later.value) } : later;
}

/** The longer sentence says more about what the file seems to be. */
function betterOf(a: Failure, b: Failure): Failure {
  return b.message.length > a.message.length ? b : a;
}

async function readFiles(files: readonly File[]): Promise<Outcome<NamedFile[]>> {
  try {
    return await outcomeOf(() => Promise.all(files.map(readFile)));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${listed(files.map(pathOf))} could not be read from the disk: ${reason}`;
    return { ok: false, failure: { code: 'unreadable-file', message } };
  }
}

async function readFile(file: File): Promise<NamedFile> {
  return { name: pathOf(file), bytes: new Uint8Array(await file.arrayBuffer()) };
}

function listed([first, ...others]: readonly string[]): string {
  if (first === undefined) return 'no file';
  const name = first.slice(first.lastIndexOf('/') + 1);
  return others.length === 0 ? name : `${name} and ${others.length} more`;
}
