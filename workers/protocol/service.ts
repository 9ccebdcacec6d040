import type { BackendReport, BackendRequest } from '../../src/engine/backend';
import type { Scores } from '../../src/answers/scores';
import type { NamedFile } from '../../src/formats/file';
import type { LayerFactors } from '../../src/network/factors';
import type { Outcome } from '../../src/network/failure';
import type { NetworkFormat } from '../../src/network/graph';
import type { Factorisation, Ranks } from '../../src/network/layers';
import type { MeasuredPoint } from '../../src/enc/sweep/points';
import type { ParsedNetwork } from './parse';
import type { Progress } from './progress';
import type { FitTask, RefittedRank, Repaired, RepairTask } from './repair';
import type { ImageSelection, ImagesSummary, NetworkSummary } from './summaries';
import type { SweepTaskRequest } from './sweep';

export type { ImageSelection, ImagesSummary, NetworkSummary };

/** Runs the network with these ranks on these images. */
export interface EvaluationRequest {
  readonly network: string;
  /** A rank per cut layer; every other layer runs untouched. An empty record runs the original network. */
  readonly ranks: Ranks;
  /** Key of a repair of these ranks that the thread knows; absent or null runs the truncated network. */
  readonly repair?: string | null;
  readonly selection: ImageSelection;
}

/** The network's answers, in the order of the selection. */
export interface Answers extends Scores {
  readonly images: number;
}

export interface ExportRequest {
  readonly network: string;
  readonly ranks: Ranks;
  /** Key of a repair of these ranks that the thread knows; absent or null writes the truncated network. */
  readonly repair?: string | null;
  readonly format: NetworkFormat;
  /** Whether several files become one zip archive; absent leaves them apart. */
  readonly isPacked?: boolean;
  /** Written into the file's metadata as they are. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Images the read-back comparison runs on; null compares on seeded noise. */
  readonly selection: ImageSelection | null;
}

/** A written file that was read back and compared before it is offered. */
export interface ExportedNetwork {
  readonly files: readonly NamedFile[];
  readonly macs: number;
  readonly parameters: number;
  readonly comparison: {
    readonly images: number;
    /** Largest absolute difference of any score between the file read back and the network in memory. */
    readonly largestDifference: number;
    /** What ONNX Runtime says of an ONNX file; null for other formats. */
    readonly runtime: RuntimeVerdict | null;
  };
}

/** A runtime that is not the studio's, and how far its scores are from the network in memory, or why it has none. */
export type RuntimeVerdict =
  | { readonly name: string; readonly images: number; readonly largestDifference: number }
  | { readonly name: string; readonly refusal: string };

/**
 * What one thread offers. The in-thread class and the worker's proxy both implement it. Callbacks are top-level
 * arguments, because comlink looks at nothing deeper. Expected failures come back as data.
 */
export interface ComputeService {
  startBackend(request: BackendRequest): Promise<Outcome<BackendReport>>;
  /** Takes over a network that was read elsewhere; its fingerprint names it from then on. */
  acceptNetwork(parsed: ParsedNetwork): Promise<Outcome<null>>;
  /** @param network fingerprint of the network that the images are for, whose input pictures are fitted to */
  openImages(files: readonly NamedFile[], network?: string | null): Promise<Outcome<ImagesSummary>>;
  /** Factorises one layer and keeps the factors; returns them so that other threads need not repeat the work. */
  factorise(network: string, layer: string, factorisation: Factorisation): Promise<Outcome<LayerFactors>>;
  acceptFactors(network: string, factors: readonly LayerFactors[]): Promise<Outcome<null>>;
  evaluate(
    job: string,
    request: EvaluationRequest,
    onProgress: (progress: Progress) => void,
  ): Promise<Outcome<Answers>>;
  exportNetwork(
    job: string,
    request: ExportRequest,
    onProgress: (progress: Progress) => void,
  ): Promise<Outcome<ExportedNetwork>>;
  /**
   * Measures one task of a sweep and answers a point per rank, of the task's images alone. Steps aside while
   * anything else is computed in this thread. Keeps activations for the job's next task until `endSweep`.
   */
  sweep(job: string, request: SweepTaskRequest): Promise<Outcome<readonly MeasuredPoint[]>>;
  /** Releases what a sweep's job has kept. */
  endSweep(job: string): Promise<void>;
  repair(job: string, task: RepairTask, onProgress: (progress: Progress) => void): Promise<Outcome<Repaired>>;
  /** Takes over a repair that another thread has done. */
  acceptRepair(network: string, repaired: Repaired): Promise<Outcome<null>>;
  /**
   * Re-fits layers at several ranks each, from the moments of the original network, and keeps the fits; answers
   * them so that other threads need not repeat the work. Steps aside while anything else is computed here.
   */
  fitRanks(
    job: string,
    task: FitTask,
    onProgress: (progress: Progress) => void,
  ): Promise<Outcome<{ readonly key: string; readonly fits: readonly RefittedRank[] }>>;
  /** Takes over fits that another thread has made. */
  acceptFits(network: string, key: string, fits: readonly RefittedRank[]): Promise<Outcome<null>>;
  /** Stops a job at its next step; unknown jobs are ignored. */
  cancel(job: string): Promise<void>;
  /** Pixels of some images as they were read (for thumbnails): NHWC bytes. */
  thumbnails(images: string, indices: Uint32Array): Promise<Outcome<Uint8Array>>;
}
