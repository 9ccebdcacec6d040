import { canonicalKey } from '../../network/canonical';
import type { Failure, Outcome } from '../../network/failure';
import type { Extent } from '../../network/graph';
import type { ImagesSummary } from '../../../workers/protocol/summaries';
import type { Studio } from '../../../workers/protocol/studio';
import type { StudioStore } from '../store/store';
import { setFingerprint } from '../../project/labelling';
import { withImages, withTuning, withWork, withoutImages } from '../../project/transitions';
import type { Document } from '../../project/document';
import type { Reading } from '../../network/reading';
import type { Role } from '../store/sessionRecord';
import { onlyJob, withStatus, type JobStatus } from '../../project/jobStatus';
import { readingOf } from '../../project/settings';
import type { StudioState } from '../store/state';
import { pathOf } from './droppedFiles';
import type { JobRunner } from '../../project/jobRunner';
import { openNetworks, type Attempt, type Files } from './openingNetworks';
import { openPoints } from './points';
import { isSideFile, withSideFiles } from './sideFiles';
import { known, listed, namesOf, readFiles, type NamedFile, type Source } from './sources';

export interface OpeningActions {
  openNetwork(files: readonly File[]): Promise<void>;
  /** Opens the network that was refused because its files leave the size of its images open. */
  openWithInputSize(size: Extent): Promise<void>;
  openImages(files: readonly File[]): Promise<void>;
  /** Images of their own for calibration and selection. */
  openTuning(files: readonly File[]): Promise<void>;
  /** Files of either kind, folders and archives of them, sorted by what they hold. */
  openDropped(files: readonly File[] | Promise<readonly File[]>): Promise<void>;
}

/** What a session needs of opening: which files are open, and the way back to them. */
export interface Reopening {
  /** The files that are open, by what they serve for. */
  openFiles(): Readonly<Record<Role, Files | null>>;
  /** Reads files as a document says, without opening them; what was read before goes with the later ones. */
  read(role: Role, files: Files, document: Document, network: string | null): Promise<ReadFiles>;
  /** Opens what was read, and goes on with the document. */
  goOn(read: Readonly<Partial<Record<Role, ReadFiles>>>, document: Document): void;
}

/** Files that were read for a session. */
export type ReadFiles =
  | { readonly role: 'network'; readonly attempt: Attempt }
  | { readonly role: 'images' | 'tuning'; readonly files: Files; readonly outcome: Outcome<ImagesSummary> };

/**
 * @param whenReady settles once the threads have started
 */
export function createOpening(
  store: StudioStore,
  studio: Studio,
  jobs: JobRunner,
  whenReady: Promise<unknown>,
): OpeningActions & Reopening {
  const networks = openNetworks(store, studio, jobs, whenReady, () => void refitImages());

  /** The images that were opened last, and the network that they were fitted to. */
  let latest: { names: readonly string[]; source: Source; network: string | null } | null = null;
  let latestTuning: Files | null = null;
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
    if (tuning && latestTuning) await openTuningFiles(latestTuning);
  }

  store.subscribe((state, former) => {
    const [reading, before] = [state, former].map(({ document }) => readingOf(document.settings));
    if (canonicalKey(reading) !== canonicalKey(before)) void rereadImages();
  });

  function takeImages(outcome: Outcome<ImagesSummary>): void {
    if (!outcome.ok) return;
    store.setState((state) => withImages(state, outcome.value));
    void refitImages();
  }

  async function openNetwork(files: readonly File[]): Promise<void> {
    const names = files.map(pathOf);
    if (files.length > 0) networks.take(await networks.attempt(names, () => readFiles(files)));
  }

  async function openImages(files: readonly File[]): Promise<void> {
    if (files.length > 0) takeImages(await tryImagesOrClasses(files.map(pathOf), () => readFiles(files)));
  }

  async function openTuning(files: readonly File[]): Promise<void> {
    if (files.length > 0) await openTuningFiles({ names: files.map(pathOf), source: () => readFiles(files) });
  }

  async function openTuningFiles(files: Files): Promise<void> {
    latestTuning = files;
    const outcome = await readImages('tuning', files, networkOf(store), readingFrom(store));
    if (outcome.ok) store.setState((state) => withTuning(state, outcome.value));
  }

  const readImages = (
    kind: 'images' | 'tuning',
    { names, source }: Files,
    network: string | null,
    reading: Reading,
  ) =>
    jobs.run<ImagesSummary>(onlyJob(kind), `Reading ${listed(names)}`, async (signal) => {
      await whenReady;
      const read = await source();
      return read.ok ? studio.openImages(signal, read.value, network, reading) : read;
    });

  /** What holds no network: images, or neither; then the more telling of two failures stays. */
  async function openOthers(files: readonly File[], others: readonly NamedFile[]): Promise<void> {
    const asImages = await tryImagesOrClasses(namesOf(others), () => known(others));
    if (asImages.ok || asImages.failure.code !== 'unreadable-file') return takeImages(asImages);
    const { outcome } = await networks.attempt(files.map(pathOf), () => readFiles(files));
    if (!outcome.ok) showBoth(outcome.failure, asImages.failure);
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
    return showRefused(`What was dropped could not be read from the disk: ${reason}`);
  }

  function showRefused(message: string): null {
    const failure = { code: 'unreadable-file', message } as const;
    store.setState((state) => withJob(state, 'network', { state: 'failed', title: 'Reading', failure }));
    return null;
  }

  /** The network's files of those that were dropped: their bytes are not kept in case they are wanted again. */
  async function networkAmong(files: readonly File[]): Promise<Outcome<readonly NamedFile[]>> {
    const read = await readFiles(files);
    const sorted = read.ok ? await studio.sortFiles(new AbortController().signal, read.value) : read;
    return sorted.ok ? { ok: true, value: sorted.value.network } : sorted;
  }

  async function openDropped(dropped: readonly File[] | Promise<readonly File[]>): Promise<void> {
    const files = await Promise.resolve(dropped).catch(unreadable);
    if (files === null) return;
    if (files.length === 0) {
      showRefused('Expected a network, images, or a folder of them, found an empty folder; drop another.');
      return;
    }
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
    if (network.length === 0 && (await openPoints(store, jobs, images))) return;
    if (network.length === 0) return openOthers(files, images);
    const again = () => networkAmong(files);
    networks.take(await networks.attempt(namesOf(network), () => known(network), again));
    if (images.length === 0) return;
    const asImages = await tryImages(namesOf(images), () => known(images));
    takeImages(asImages);
    // A network's folder may hold notes and logs that are nobody's images.
    if (!asImages.ok && asImages.failure.code === 'unreadable-file')
      store.setState((state) => withJob(state, 'images', null));
  }

  const openFiles = () => ({
    network: networks.opened(),
    images: store.getState().images && latest,
    tuning: store.getState().tuning && latestTuning,
  });

  async function read(
    role: Role,
    files: Files,
    document: Document,
    network: string | null,
  ): Promise<ReadFiles> {
    if (role === 'network') return { role, attempt: await networks.attemptAs(files, document.settings) };
    const outcome = await readImages(role, files, network, readingOf(document.settings));
    return { role, files, outcome };
  }

  function goOn(found: Readonly<Partial<Record<Role, ReadFiles>>>, document: Document): void {
    const { network, images, tuning } = found;
    if (network?.role !== 'network' || !network.attempt.outcome.ok) return;
    // What was open before must not be fitted to the network.
    latest = latestTuning = null;
    store.setState(withoutImages);
    networks.take(network.attempt);
    const own = network.attempt.outcome.value.fingerprint;
    if (images?.role === 'images' && images.outcome.ok) {
      const { value } = images.outcome;
      latest = { ...images.files, network: own };
      store.setState((state) => withImages(state, value));
    }
    if (tuning?.role === 'tuning' && tuning.outcome.ok) {
      const { value } = tuning.outcome;
      latestTuning = tuning.files;
      store.setState((state) => withTuning(state, value));
    }
    store.setState((state) => withWork(state, document));
  }

  const openWithInputSize = (size: Extent) => networks.openWithSize(size);
  return {
    ...{ openNetwork, openWithInputSize, openImages, openTuning, openDropped },
    ...{ openFiles, read, goOn },
  };
}

function withJob(state: StudioState, kind: string, status: JobStatus | null): StudioState {
  return { ...state, jobs: withStatus(state.jobs, onlyJob(kind), status) };
}

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
  const { matching, labels, classNames, labelChoices } = images;
  // Which orders there are, or whether labels count from 1, depends on the number of classes.
  const isByCount = labelChoices?.readings.some(({ order }) => order === 'from-one') ?? false;
  if (isByCount || labels?.some((label) => label >= (network?.summary.classes ?? Infinity))) return true;
  const isByFormer = matching?.by === 'names' && matching.file === null;
  return isByFormer || Boolean(labels && classNames && network?.summary.classNames);
}

function isSameSet(a: ImagesSummary, b: ImagesSummary): boolean {
  const readings = ({ labelChoices, matching }: ImagesSummary) =>
    labelChoices?.readings.map(({ fingerprint, order }) => [fingerprint, order]) ?? matching?.by;
  return setFingerprint(a) === setFingerprint(b) && canonicalKey(readings(a)) === canonicalKey(readings(b));
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
