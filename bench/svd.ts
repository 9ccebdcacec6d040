/**
 * Thin SVD of the unfolded 3×3 kernels of VGG-16, ours against SciPy's gesdd in turns: `npx tsx bench/svd.ts [ROUNDS]`.
 * Both run two decompositions at a time, the largest first, each on one thread: LAPACK's own threads wait for each other
 * in busy loops, which on a shared machine takes several times as long. Matrices are seeded random, the same for both.
 * Half of the vectors is what a square layer's r_max needs. Then VGG-16's dense layer of 25,088×4,096 by the randomised
 * method, in a process of its own, and its error on a matrix of a quarter of the sides against the exact values.
 * Writes bench/results/svd.json.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { leadingSvd } from '../src/linalg/leadingSvd';
import { createRandom } from '../src/linalg/random';
import { thinSvd, withThinSvd } from '../src/linalg/svd';
import { median, writeResult } from './harness';
import { pythonWith } from './python';

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
const isDense = process.argv[2] === 'dense';
/** Which matrix goes first, untimed: 384×768. */
const warm = 4;
const ROUNDS = Number(process.argv[2] ?? 3);

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

/** Made before the clock runs, as SciPy reads its from files. */
const ready = new Map<number, Float32Array>();

function answer(job: Job): Answer {
  const weights = ready.get(job.index)!;
  const start = performance.now();
  const options = { vectors: job.vectors, precision: 'single' as const };
  // SciPy answers floats, and vectors of the right side as rows; so does this.
  const { singularValues, vectors } = withThinSvd(weights, job.rows, job.columns, options, (svd) => ({
    singularValues: svd.singularValues,
    vectors: [svd.left, svd.right].map((rows) => new Float32Array(rows)),
  }));
  const seconds = (performance.now() - start) / 1000;
  if (vectors.some(({ length }) => length === 0)) throw new Error('expected vectors, found none');
  return { index: job.index, seconds, singularValues };
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
import os, sys
os.environ['OPENBLAS_NUM_THREADS'] = os.environ['MKL_NUM_THREADS'] = os.environ['OMP_NUM_THREADS'] = '1'
import json, time
from multiprocessing import Pool
import numpy as np
from scipy.linalg import svd
folder, kind, workers = sys.argv[1], sys.argv[2], int(sys.argv[3])
shapes = json.load(open(folder + '/shapes.json'))
def decompose(i):
    s = shapes[i]
    a = np.fromfile(f'{folder}/{i}.bin', dtype='<f4').reshape(s['rows'], s['columns']).astype(kind)
    start, cpu = time.perf_counter(), time.process_time()
    values = svd(a, full_matrices=False, lapack_driver='gesdd', check_finite=True)[1]
    return i, time.perf_counter() - start, time.process_time() - cpu, values.astype(float).tolist()
with Pool(workers) as pool:
    pool.map(decompose, [3] * workers, 1)
    begin = time.perf_counter()
    order = sorted(range(len(shapes)), key=lambda i: -shapes[i]['rows'] * shapes[i]['columns'])
    done = sorted(pool.imap_unordered(decompose, order, 1))
    wall = time.perf_counter() - begin
print(json.dumps({'wall': wall, 'cpu': sum(d[2] for d in done), 'seconds': [d[1] for d in done],
                  'singularValues': [d[3] for d in done]}))
`;

/** SciPy on the same matrices; null, with a message, where it is not installed. */
function runScipy(kind: 'float32' | 'float64'): Run | null {
  const python = pythonWith('scipy');
  if (python === null) {
    console.log('SciPy skipped: no python3 here has it.');
    return null;
  }
  const folder = mkdtempSync(join(tmpdir(), 'svd-bench-'));
  try {
    writeFileSync(join(folder, 'shapes.json'), JSON.stringify(SHAPES));
    SHAPES.forEach((shape, index) => writeFileSync(join(folder, `${index}.bin`), weightsOf(index, shape)));
    const result = spawnSync(python, ['-c', SCIPY_PROGRAM, folder, kind, String(WORKERS)], {
      maxBuffer: 1 << 28,
      encoding: 'utf8',
    });
    if (result.status !== 0) throw new Error(`SciPy failed: ${result.stderr}`);
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

/** Who is timed, in turns. */
const CONTESTANTS = {
  'all vectors': (workers: Worker[]) => runOurs(workers, ({ rows, columns }) => Math.min(rows, columns)),
  'half of the vectors': (workers: Worker[]) =>
    runOurs(workers, ({ rows, columns }) => Math.ceil(Math.min(rows, columns) / 2)),
  'SciPy float32': () => runScipy('float32'),
} as const;

interface DenseResult {
  readonly shape: Shape;
  readonly rank: number;
  /** Processor seconds, of which so many until the curve is there. */
  readonly cpu: number;
  readonly curve: number;
  readonly wall: number;
  /** Most bytes that the process took, its own code and the kernel included. */
  readonly bytes: number;
  readonly load: number;
  /** On a quarter of the sides, against all exact values. */
  readonly small: {
    readonly shape: Shape;
    /** What the factors leave of the matrix over what the best of their rank leave, in squares. */
    readonly leftOver: number;
    /** Greatest difference of running sums of singular values, over the whole sum. */
    readonly sums: number;
  };
}

const processorSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Weights that are drawn from a million normal numbers, which takes far less time than as many of them. */
function largeWeights({ rows, columns }: Shape): Float32Array {
  const random = createRandom(2000);
  const some = Float32Array.from({ length: 2 ** 20 }, () => random.normal() / Math.sqrt(rows));
  const weights = new Float32Array(rows * columns);
  for (let i = 0; i < weights.length; i++) weights[i] = some[random.bits() & (2 ** 20 - 1)]!;
  return weights;
}

function runDense(): DenseResult {
  const shape = { rows: 25_088, columns: 4096 };
  const weights = largeWeights(shape);
  const [cpu, wall] = [processorSeconds(), performance.now()];
  let curve = 0;
  const onValues = () => (curve = processorSeconds() - cpu);
  const { rank } = leadingSvd(weights, shape.rows, shape.columns, { onValues });
  const took = { cpu: processorSeconds() - cpu, wall: (performance.now() - wall) / 1000 };
  const bytes = process.resourceUsage().maxRSS * 1024;
  return { shape, rank, ...took, curve, bytes, load: loadavg()[0]!, small: errorOfDense() };
}

function errorOfDense(): DenseResult['small'] {
  const shape = { rows: 6272, columns: 1024 };
  const weights = largeWeights(shape);
  const found = leadingSvd(weights, shape.rows, shape.columns, { block: 16 });
  const exact = thinSvd(weights, shape.rows, shape.columns, { vectors: 1 }).singularValues;
  const squares = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);
  const all = squares(exact);
  let [own, theirs, worst] = [0, 0, 0];
  for (const [i, value] of exact.entries()) {
    own += found.singularValues[i]!;
    theirs += value;
    worst = Math.max(worst, Math.abs(own - theirs));
  }
  const leftOver = (all - squares(found.values)) / (all - squares(exact.subarray(0, found.rank)));
  return { shape, leftOver, sums: worst / theirs };
}

/** The dense layer in a process of its own, so that its memory is all that is seen. */
function denseInProcess(): DenseResult {
  const here = fileURLToPath(import.meta.url);
  const result = spawnSync(process.execPath, [...process.execArgv, here, 'dense'], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`The dense layer failed: ${result.stderr}`);
  return JSON.parse(result.stdout) as DenseResult;
}

function printDense({ shape, rank, cpu, curve, wall, bytes, load, small }: DenseResult): void {
  console.log(
    `${shape.rows}×${shape.columns}, randomised, ${rank} vectors: ${cpu.toFixed(1)} s of one thread, the curve after ` +
      `${curve.toFixed(1)} s (${wall.toFixed(1)} s by the clock, load ${load.toFixed(1)}), ${(bytes / 1e9).toFixed(2)} GB; ` +
      `on ${small.shape.rows}×${small.shape.columns} its factors leave ${small.leftOver.toFixed(3)} times what the best leave, ` +
      `in squares, and sums of singular values differ by ${(100 * small.sums).toFixed(2)} %`,
  );
}

async function main(): Promise<void> {
  const dense = denseInProcess();
  const workers = Array.from({ length: WORKERS }, () => openWorker());
  // Compile the hot loops, too, before the clock runs.
  await Promise.all(workers.map((worker) => ask(worker, { index: warm, ...SHAPES[warm]!, vectors: 384 })));
  const runs: Record<string, Run[]> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(CONTESTANTS)) {
      const result = await run(workers);
      if (result !== null) (runs[name] ??= []).push(result);
    }
  }
  const scipyDouble = runScipy('float64');
  await Promise.all(workers.map((worker) => worker.terminate()));
  const ours = runs['all vectors']![0]!;
  const scipy = runs['SciPy float32'] ?? [];
  const ratios: Record<string, number> = {};
  for (const name of ['all vectors', 'half of the vectors']) {
    for (const clock of ['cpu', 'wall'] as const) {
      if (scipy.length === 0) continue;
      const each = scipy.map((reference, round) => runs[name]![round]![clock] / reference[clock]);
      ratios[`${name} / SciPy float32, ${clock === 'cpu' ? 'processor' : 'wall'}`] = median(each);
    }
  }
  const errors: Record<string, number> = {};
  if (scipyDouble) errors['singular values against SciPy float64'] = valueError(ours, scipyDouble);
  if (scipy[0]) errors['singular values against SciPy float32'] = valueError(ours, scipy[0]);
  console.log(
    `Seconds, medians of ${ROUNDS}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.version}`,
  );
  printTable(Object.fromEntries(Object.entries(runs).map(([name, list]) => [name, medianRun(list)])));
  for (const [name, ratio] of Object.entries(ratios)) console.log(`${name}: ${ratio.toFixed(2)}`);
  for (const [name, error] of Object.entries(errors))
    console.log(`${name}: ${error.toExponential(1)} of the largest`);
  printDense(dense);
  const timings = Object.entries(runs).map(([name, list]) => ({
    name,
    rounds: list.map(({ wall, cpu, seconds }) => ({ wall, cpu, seconds })),
  }));
  writeResult('svd', {
    shapes: SHAPES,
    workers: WORKERS,
    node: process.version,
    timings,
    ratios,
    errors,
    dense,
  });
}

/** Medians of every number. */
function medianRun(runs: readonly Run[]): Run {
  return {
    wall: median(runs.map(({ wall }) => wall)),
    cpu: median(runs.map(({ cpu }) => cpu)),
    seconds: SHAPES.map((_, index) => median(runs.map(({ seconds }) => seconds[index] ?? NaN))),
    singularValues: [],
  };
}

if (isMainThread && isDense) console.log(JSON.stringify(runDense()));
else if (isMainThread) {
  await main();
} else {
  SHAPES.forEach((shape, index) => ready.set(index, weightsOf(index, shape)));
  parentPort?.on('message', (job: Job) => parentPort?.postMessage(answer(job)));
}
