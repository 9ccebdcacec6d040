import { unwrap } from '../../src/network/failure';
import { canonicalKey, canonicalText } from '../../src/network/canonical';
import type { Network } from '../../src/network/graph';
import {
  activation,
  chainOf,
  evenPadding,
  randomConvolution,
  randomDense,
  seededNumbers,
  square,
} from '../../src/network/testing/builders';
import { createStudio } from '../../workers/client';
import type { RunKind, RunSpec } from '../../workers/protocol/kinds';
import { raceKind } from '../../workers/protocol/race';
import { repairKind } from '../../workers/protocol/repair';
import type { Studio } from '../../workers/protocol/studio';
import { sweepKind } from '../../workers/protocol/sweep';
import { openTinyWork } from '../../workers/testing/tinyStudio';

export type FaultyJob = 'sweep' | 'race' | 'repair';

/** What became of a job that was struck at seeded moments. */
export interface FaultReport {
  readonly backend: string;
  /** Workers opened in all, beyond those that the studio starts with. */
  readonly replaced: number;
  readonly notes: readonly string[];
  /** Reports of the undisturbed run: the moments at which a fault may strike. */
  readonly moments: number;
  /** Digest of the undisturbed result. */
  readonly expected: string;
  readonly runs: readonly { readonly seed: number; readonly moment: number; readonly result: string }[];
}

const never = new AbortController().signal;
const images = 8;

/** As small as can be: every new device compiles its shaders anew, on a processor here. */
function tinyNetwork(): Network {
  const numbers = seededNumbers(3);
  const same = { kernel: square(3), padding: evenPadding(1) };
  return chainOf(
    [6, 6, 3],
    [
      randomConvolution(numbers, { ...same, inputs: 3, outputs: 8 }),
      activation('relu'),
      randomConvolution(numbers, { ...same, inputs: 8, outputs: 8 }),
      activation('relu'),
      { kind: 'flatten', order: 'chw' },
      randomDense(numbers, 288, 5),
    ],
  );
}

/** Destroys the graphics device of every worker that has one, or ends a worker where the processor computes. */
function strike(backend: string, workers: readonly Worker[], seed: number): void {
  if (backend === 'webgpu') new BroadcastChannel('faults').postMessage('lose');
  else workers.at(-1 - (seed % 2))!.terminate();
}

async function digestOf<S extends RunSpec>(
  studio: Studio,
  kind: RunKind<S>,
  task: S['task'],
  onReport: (count: number) => void,
): Promise<string> {
  let reports = 0;
  const outcome = await studio.run(never, kind, task, () => onReport(++reports));
  const result: unknown = unwrap(outcome);
  // Points come in the order in which threads are done with them.
  const parts = Array.isArray(result) ? result.map((part) => canonicalText(part)).sort() : result;
  return canonicalKey(parts);
}

/** Runs a job undisturbed, and then once per seed with a fault at one of its reports. */
async function faultRuns(
  request: 'webgpu' | 'wasm',
  name: FaultyJob,
  seeds: readonly number[],
): Promise<FaultReport> {
  const workers: Worker[] = [];
  const notes: string[] = [];
  const studio = createStudio({
    openWorker: () => {
      const worker = new Worker(new URL('./faults.worker.ts', import.meta.url), { type: 'module' });
      workers.push(worker);
      return worker;
    },
    threads: 2,
    onNote: (sentence) => notes.push(sentence),
  });
  try {
    const { backend, threads } = unwrap(await studio.start(request));
    const work = await openTinyWork(studio, tinyNetwork(), images);
    // In rounds, so that there are more moments than layers.
    const settings = { ...work.sweep.settings, firstImages: 4, exhaustive: false };
    const run = (onReport: (count: number) => void) => {
      switch (name) {
        case 'sweep':
          return digestOf(studio, sweepKind, { ...work.sweep, settings, refit: null }, onReport);
        case 'race':
          return digestOf(studio, raceKind, work.race, onReport);
        case 'repair':
          return digestOf(studio, repairKind, work.repair, onReport);
      }
    };
    let reports = 0;
    const expected = await run((count) => (reports = count));
    const runs: FaultReport['runs'][number][] = [];
    for (const seed of seeds) {
      const moment = seededNumbers(seed).whole(1, reports);
      const result = await run((count) => {
        if (count === moment) strike(backend, workers, seed);
      });
      runs.push({ seed, moment, result });
    }
    return { backend, replaced: workers.length - threads, notes, moments: reports, expected, runs };
  } finally {
    studio.close();
  }
}

Object.assign(globalThis, { faultRuns });
