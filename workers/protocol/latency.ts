import type { Recipe } from '../../src/compression/recipe';
import type { Timing } from '../../src/engine/latency';
import { runKind, type RunSpec } from './kinds';

/** What networks can be timed in: the studio's own engine, or ONNX Runtime Web with both written as ONNX. */
export const runtimes = ['own', 'ort'] as const;
export type RuntimeId = (typeof runtimes)[number];

/** Timed runs of each network where nobody says how many. */
export const usualRounds = 15;

/** The recipes at one batch size, in their order. */
export interface BatchTimings {
  readonly batchSize: number;
  readonly timings: readonly Timing[];
}

export interface LatencyReport {
  /** For a person: "WebAssembly", "ONNX Runtime 1.30.0". */
  readonly runtime: string;
  /** Threads that a network runs on. */
  readonly threads: number;
  readonly batches: readonly BatchTimings[];
}

/** Times networks against each other, in turns, on noise, in one thread. */
export interface LatencySpec extends RunSpec {
  readonly task: {
    /** Of one network; the first is what the others are compared to. */
    readonly recipes: readonly Recipe[];
    readonly runtime: RuntimeId;
    /** Images per run, `evaluation` for as many as accuracy is measured with at a time. */
    readonly batches: readonly (number | 'evaluation')[];
    readonly rounds: number;
    /** Up to which it goes on where rounds disagree; `rounds` unless given. */
    readonly mostRounds?: number;
  };
  readonly event: never;
  readonly result: LatencyReport;
}

export const latencyKind = runKind<LatencySpec>('latency');
