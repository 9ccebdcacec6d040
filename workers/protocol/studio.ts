import type { BackendReport, BackendRequest } from '../../src/engine/backend';
import type { NamedFile } from '../../src/formats/file';
import type { OperatorTable } from '../../src/formats/models/operatorTable';
import type { SortedFiles } from '../../src/formats/sorting';
import type { Outcome } from '../../src/network/failure';
import type { Factorisation } from '../../src/network/layers';
import type { MeasuredPoint } from '../../src/enc/sweep/points';
import type { OnProgress } from './progress';
import type { Repaired, RepairTask } from './repair';
import type { RaceRequest, RaceStanding } from './race';
import type { SweepRequest } from './sweep';
import type {
  Answers,
  EvaluationRequest,
  ExportedNetwork,
  ExportRequest,
  ImagesSummary,
  NetworkSummary,
} from './service';

/** The singular values of one layer's unfolded kernel, descending; summed over groups where it is grouped. */
export interface LayerSpectrum {
  readonly layer: string;
  readonly factorisation: Factorisation;
  readonly singularValues: Float64Array;
}

/**
 * What the page and the command line work with: many threads behind one face. Every long job takes an
 * AbortSignal first and settles with a `cancelled` failure soon after it is aborted.
 */
export interface Studio {
  /** Starts the threads and their backend; later calls return the same report. */
  start(request: BackendRequest): Promise<Outcome<BackendReport & { readonly threads: number }>>;
  /** Tells a network's files from images' where both came together; archives are unpacked. */
  sortFiles(signal: AbortSignal, files: readonly NamedFile[]): Promise<Outcome<SortedFiles>>;
  /** Which operators each format is read and written with. */
  operatorTable(signal: AbortSignal): Promise<Outcome<OperatorTable>>;
  openNetwork(signal: AbortSignal, files: readonly NamedFile[]): Promise<Outcome<NetworkSummary>>;
  /** @param network fingerprint of the network that the images are for, whose input pictures are fitted to */
  openImages(
    signal: AbortSignal,
    files: readonly NamedFile[],
    network?: string | null,
  ): Promise<Outcome<ImagesSummary>>;
  /** Factorises the layers, largest last, handing each spectrum over as it is ready. */
  factorise(
    signal: AbortSignal,
    network: string,
    layers: readonly { readonly layer: string; readonly factorisation: Factorisation }[],
    onSpectrum: (spectrum: LayerSpectrum) => void,
    onProgress: OnProgress,
  ): Promise<Outcome<null>>;
  evaluate(
    signal: AbortSignal,
    request: EvaluationRequest,
    onProgress: OnProgress,
  ): Promise<Outcome<Answers>>;
  exportNetwork(
    signal: AbortSignal,
    request: ExportRequest,
    onProgress: OnProgress,
  ): Promise<Outcome<ExportedNetwork>>;
  /**
   * Measures layers on images in the background: foreground work goes first, also in a thread that is at it.
   * Hands each point over whenever it was measured on more images, and answers all of them, the known ones
   * included. To pause, abort; to resume, call again with the points handed over so far as `known`.
   */
  sweep(
    signal: AbortSignal,
    request: SweepRequest,
    onPoint: (point: MeasuredPoint) => void,
    onProgress: OnProgress,
  ): Promise<Outcome<readonly MeasuredPoint[]>>;
  /**
   * Races plans on selection images (ENC-Inf): small batches first, those beaten beyond chance are dropped. The
   * standings are handed over after every batch; the last ones are the answer, in the candidates' order.
   */
  race(
    signal: AbortSignal,
    request: RaceRequest,
    onStandings: (standings: readonly RaceStanding[]) => void,
    onProgress: OnProgress,
  ): Promise<Outcome<readonly RaceStanding[]>>;
  /** Repairs a cut network; afterwards evaluations and exports may name the repair by its key. */
  repair(signal: AbortSignal, task: RepairTask, onProgress: OnProgress): Promise<Outcome<Repaired>>;
  thumbnails(images: string, indices: Uint32Array): Promise<Outcome<Uint8Array>>;
  /** Ends every thread; pending calls settle as cancelled. */
  close(): void;
}
