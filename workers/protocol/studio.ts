import type { BackendReport, BackendRequest } from '../../src/engine/backend';
import type { NamedFile } from '../../src/formats/file';
import type { ReadOptions } from '../../src/formats/models/reader';
import type { OperatorTable } from '../../src/formats/models/operatorTable';
import type { SortedFiles } from '../../src/formats/sorting';
import type { Outcome } from '../../src/network/failure';
import type { Reading } from '../../src/network/reading';
import type { RunKind, RunSpec } from './kinds';
import type { OnProgress } from './progress';
import type { ImagesSummary, NetworkSummary } from './summaries';

export type { LayerSpectrum } from './factorise';

/** Which backend runs, and on how many threads. */
export type StartedBackend = BackendReport & { readonly threads: number };

/**
 * What the page and the command line work with: many threads behind one face. Whatever takes long takes an
 * AbortSignal first and settles with a `cancelled` failure soon after it is aborted. A thread that dies or whose
 * device is lost is replaced, and what ran there runs again; results are those of an undisturbed run.
 */
export interface Studio {
  /** Starts the threads and their backend; later calls return the same report. */
  start(request: BackendRequest): Promise<Outcome<StartedBackend>>;
  /** Tells a network's files from images' where both came together; archives are unpacked. */
  sortFiles(signal: AbortSignal, files: readonly NamedFile[]): Promise<Outcome<SortedFiles>>;
  /** Which operators each format is read and written with. */
  operatorTable(signal: AbortSignal): Promise<Outcome<OperatorTable>>;
  /** @param options what a person says of the network beside its files */
  openNetwork(
    signal: AbortSignal,
    files: readonly NamedFile[],
    options?: ReadOptions,
  ): Promise<Outcome<NetworkSummary>>;
  /**
   * @param network fingerprint of the network that the images are for, whose input pictures are fitted to
   * @param reading what a person decided of how the files are read; the files decide the rest
   */
  openImages(
    signal: AbortSignal,
    files: readonly NamedFile[],
    network?: string | null,
    reading?: Reading,
  ): Promise<Outcome<ImagesSummary>>;
  /**
   * Runs a job of any kind.
   *
   * @param onEvent told what the kind tells on its way, never after the signal was aborted
   */
  run<S extends RunSpec>(
    signal: AbortSignal,
    kind: RunKind<S>,
    task: S['task'],
    onProgress: OnProgress,
    onEvent?: (event: S['event']) => void,
  ): Promise<Outcome<S['result']>>;
  /**
   * Lets go of networks and images, with all that belongs to them.
   *
   * @param closed fingerprints
   * @param open fingerprints of those in use: images that have one of these, too, stay
   */
  closeFiles(closed: ReadonlySet<string>, open: ReadonlySet<string>): void;
  /** Ends every thread; pending calls settle as cancelled. */
  close(): void;
}
