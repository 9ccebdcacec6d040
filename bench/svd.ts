/**
 * Thin SVD of the unfolded 3×3 kernels of VGG-16, ours against SciPy's gesdd in the same run:
 * `npx tsx bench/svd.ts`. Ours runs two decompositions at a time, each on one worker thread; SciPy runs one at a time
 * on all cores. Matrices are seeded random, the same for both. Writes bench/results/svd.json.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { createRandom } from '../src/linalg/random';
import { thinSvd } from '../src/linalg/svd';

interface Shape {
  readonly rows: number;
  readonly columns: number;
}

interface Job extends Shape {
  readonly index: number;
  readonly vectors: number;
}

interface Answer {
  readonly index: number;
  readonly seconds: number;
  readonly singularValues: Float64Array;
}

interface Run {
  /** Seconds of wall clock for the whole list. */
  readonly wall: number;
  /** Processor seconds of all threads together: what remains comparable on a busy machine. */
  readonly cpu: number;
  /** Seconds of each matrix, in the order of SHAPES. */
  readonly seconds: number[];
  readonly singularValues: number[][];
}

const WORKERS = 2;
const PYTHON = '/usr/bin/python3';

/** Rows 3·I, columns 3·O of every 3×3 convolution of VGG-16, in order. */
const CHANNELS = [3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512];
const SHAPES: Shape[] = CHANNELS.slice(1).map((outputs, i) => ({
  rows: 3 * (CHANNELS[i] ?? 0),
  columns: 3 * outputs,
}));

/** Like freshly initialised weights: normal, scaled by the square root of the rows. */
function weightsOf(index: number, { rows, columns }: Shape): Float32Array {
  const random = createRandom(1000 + index);
  return Float32Array.from({ length: rows * columns }, () => random.normal() / Math.sqrt(rows));
}

function answer(job: Job): Answer {
  const weights = weightsOf(job.index, job);
  const start = performance.now();
  const { singularValues } = thinSvd(weights, job.rows, job.columns, { vectors: job.vectors });
  return { index: job.index, seconds: (performance.now() - start) / 1000, singularValues };
}

/** Runs all jobs on the workers, the largest first so that both end about together. */
async function runOurs(workers: Worker[], vectorsOf: (shape: Shape) => number): Promise<Run> {
  const jobs = SHAPES.map((shape, index): Job => ({ ...shape, index, vectors: vectorsOf(shape) }));
  const queue = [...jobs].sort((p, q) => q.rows * q.columns - p.rows * p.columns);
  const answers: Answer[] = [];
  const start = performance.now();
  const cpuStart = process.cpuUsage();
  await Promise.all(
    workers.map(async (worker) => {
      for (let job = queue.shift(); job !== undefined; job = queue.shift())
        answers.push(await ask(worker, job));
    }),
  );
  const wall = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpuStart);
  answers.sort((p, q) => p.index - q.index);
  return {
    wall,
    cpu: (user + system) / 1e6,
    seconds: answers.map(({ seconds }) => seconds),
    singularValues: answers.map(({ singularValues }) => [...singularValues]),
  };
}

/** This file again on a thread. Node 20 gives a thread no TypeScript loader of its own, so it installs one first. */
function openWorker(): Worker {
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const here = JSON.stringify(import.meta.url);
  return new Worker(`import(${loader}).then(({ register }) => { register(); return import(${here}); })`, {
    eval: true,
  });
}

function ask(worker: Worker, job: Job): Promise<Answer> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (reply: Answer) => {
      worker.off('error', reject);
      resolve(reply);
    });
    worker.postMessage(job);
  });
}

const SCIPY_PROGRAM = `
import json, sys, time
import numpy as np
from scipy.linalg import svd
folder, kind = sys.argv[1], sys.argv[2]
shapes = json.load(open(folder + '/shapes.json'))
matrices = [np.fromfile(f'{folder}/{i}.bin', dtype='<f4').reshape(s['rows'], s['columns']).astype(kind)
            for i, s in enumerate(shapes)]
svd(matrices[3], full_matrices=False, lapack_driver='gesdd')
seconds, values = [], []
begin, cpu = time.perf_counter(), time.process_time()
for a in matrices:
    start = time.perf_counter()
    u, s, vt = svd(a, full_matrices=False, lapack_driver='gesdd', check_finite=True)
    seconds.append(time.perf_counter() - start)
    values.append(s.astype(float).tolist())
print(json.dumps({'wall': time.perf_counter() - begin, 'cpu': time.process_time() - cpu,
                  'seconds': seconds, 'singularValues': values}))
`;

/** SciPy on the same matrices; null, with a message, where it is not installed. */
function runScipy(kind: 'float32' | 'float64'): Run | null {
  const folder = mkdtempSync(join(tmpdir(), 'svd-bench-'));
  try {
    writeFileSync(join(folder, 'shapes.json'), JSON.stringify(SHAPES));
    SHAPES.forEach((shape, index) => writeFileSync(join(folder, `${index}.bin`), weightsOf(index, shape)));
    const result = spawnSync(PYTHON, ['-c', SCIPY_PROGRAM, folder, kind], {
      maxBuffer: 1 << 28,
      encoding: 'utf8',
    });
    if (result.status !== 0) {
      console.log(
        `SciPy skipped: ${PYTHON} with scipy is not here (${result.stderr.trim().split('\n').at(-1) ?? ''})`,
      );
      return null;
    }
    return JSON.parse(result.stdout) as Run;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Largest difference of singular values over all matrices, relative to each one's largest. */
function valueError(ours: Run, reference: Run): number {
  let worst = 0;
  reference.singularValues.forEach((values, index) => {
    values.forEach((value, i) => {
      const difference = Math.abs(value - (ours.singularValues[index]?.[i] ?? NaN));
      worst = Math.max(worst, difference / (values[0] ?? 1));
    });
  });
  return worst;
}

function printTable(runs: Record<string, Run>): void {
  const names = Object.keys(runs);
  const line = (cells: string[]): void => console.log(cells.map((cell) => cell.padStart(16)).join(''));
  line(['matrix', ...names]);
  SHAPES.forEach(({ rows, columns }, index) => {
    line([`${rows}×${columns}`, ...names.map((name) => (runs[name]?.seconds[index] ?? NaN).toFixed(3))]);
  });
  line(['all, processor', ...names.map((name) => (runs[name]?.cpu ?? NaN).toFixed(2))]);
  line(['all, wall', ...names.map((name) => (runs[name]?.wall ?? NaN).toFixed(2))]);
}

async function main(): Promise<void> {
  const workers = Array.from({ length: WORKERS }, () => openWorker());
  // Compile the hot loops before the clock runs.
  await Promise.all(
    workers.map((worker) => ask(worker, { index: 4, rows: 384, columns: 384, vectors: 384 })),
  );
  const full = await runOurs(workers, ({ rows, columns }) => Math.min(rows, columns));
  const half = await runOurs(workers, ({ rows, columns }) => Math.ceil(Math.min(rows, columns) / 2));
  await Promise.all(workers.map((worker) => worker.terminate()));
  const runs: Record<string, Run> = { ours: full, 'ours, half': half };
  const ratios: Record<string, number> = {};
  const errors: Record<string, number> = {};
  for (const kind of ['float64', 'float32'] as const) {
    const scipy = runScipy(kind);
    if (scipy === null) continue;
    runs[`SciPy ${kind}`] = scipy;
    for (const [name, ours] of Object.entries({ 'all vectors': full, 'half of the vectors': half })) {
      ratios[`${name} / SciPy ${kind}, wall`] = ours.wall / scipy.wall;
      ratios[`${name} / SciPy ${kind}, processor`] = ours.cpu / scipy.cpu;
    }
    errors[`singular values against SciPy ${kind}`] = valueError(full, scipy);
  }
  console.log(`Seconds, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.version}`);
  printTable(runs);
  for (const [name, ratio] of Object.entries(ratios)) console.log(`${name}: ${ratio.toFixed(2)}`);
  for (const [name, error] of Object.entries(errors))
    console.log(`${name}: ${error.toExponential(1)} of the largest`);
  const folder = new URL('results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const timings = Object.entries(runs).map(([name, { wall, cpu, seconds }]) => ({
    name,
    wall,
    cpu,
    seconds,
  }));
  const report = { shapes: SHAPES, workers: WORKERS, node: process.version, timings, ratios, errors };
  writeFileSync(new URL('svd.json', folder), `${JSON.stringify(report, null, 2)}\n`);
}

if (isMainThread) {
  await main();
} else {
  parentPort?.on('message', (job: Job) => parentPort?.postMessage(answer(job)));
}
