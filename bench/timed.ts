/**
 * Divergence curves of a network in a time that is given: how long it really took, how far the remaining time that was
 * told was from the truth, what was measured, and the memory of the process at its largest. On pictures of noise, in
 * Node on all cores. Run: npx tsx bench/timed.ts [NETWORK [MINUTES [PICTURES]]]; writes `bench/results/timed.json`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryUsage } from 'node:process';
import { firstOf } from '../cli/images';
import { sweepFor } from '../cli/measuring';
import { Workspace } from '../cli/workspace';
import { metrics } from '../src/compression/metrics';
import { rankGrid } from '../src/enc/sweep/grid';
import { unwrap } from '../src/network/failure';
import { forgetful } from '../src/project/caches';
import { sweep } from '../src/project/jobs/sweep';
import { sweepNotes } from '../src/project/sweepNotes';
import type { Progress } from '../workers/protocol/progress';
import { seededNumbers } from '../src/network/testing/builders';
import { timedNetworks } from './browser/networks';
import { writeResult } from './harness';

const [name = 'ResNet-50', minutes = '10', pictures = '256'] = process.argv.slice(2);
const target = 0.5;

interface Told {
  /** Seconds since the sweep began. */
  readonly at: number;
  readonly progress: Progress;
}

const network = timedNetworks.find((own) => own.name === name);
const bytes = network?.file();
if (!network || !bytes) {
  console.log(`skipped: ${name} is missing`);
} else {
  const folder = mkdtempSync(join(tmpdir(), 'enc-timed-'));
  try {
    const model = join(folder, `${name}.onnx`);
    const data = join(folder, 'pictures.npy');
    writeFileSync(model, bytes);
    writeFileSync(data, noise(Number(pictures), network.size));
    await measure(model, data);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Pictures of noise as a NumPy array of bytes. */
function noise(count: number, size: number): Uint8Array {
  const shape = `(${count}, ${size}, ${size}, 3)`;
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117);
  const start = Buffer.from(`\x93NUMPY\x01\x00\x76\x00${header}\n`, 'latin1');
  const numbers = seededNumbers(4);
  const bytes = new Uint8Array(start.length + count * size * size * 3);
  bytes.set(start);
  for (let index = start.length; index < bytes.length; index++) bytes[index] = numbers.whole(0, 255);
  return bytes;
}

async function measure(model: string, data: string): Promise<void> {
  const options = { backend: 'wasm', networkReading: {} } as const;
  await Workspace.with([model], options, async (workspace) => {
    const images = await workspace.open({ data: [data], saysDoubtItself: true });
    workspace.use({ selection: firstOf(images, Number(pictures)) });
    const factorising = performance.now();
    await workspace.factoriseIncluded();
    const factoriseSeconds = (performance.now() - factorising) / 1000;
    const limit = { minutes: Number(minutes), target };
    const metric = metrics.get('divergence');
    const task = sweepFor(workspace, metric, { ranks: null, exhaustive: false, isRefitted: false, limit });
    const started = performance.now();
    const told: Told[] = [];
    let memory = 0;
    const update: Workspace['update'] = (change) => workspace.update(change);
    unwrap(
      await sweep.run(task, {
        ...{ studio: workspace.studio, caches: forgetful, signal: workspace.signal },
        ...{ getState: () => workspace.state, update, record: update },
        onProgress(progress) {
          told.push({ at: (performance.now() - started) / 1000, progress });
          memory = Math.max(memory, memoryUsage.rss());
        },
      }),
    );
    const points = workspace.state.document.points[task.pointsKey] ?? [];
    const measured = task.layers.filter(({ name: layer, rankMax }) =>
      [1, rankMax].every((rank) => points.some((point) => point.layer === layer && point.rank === rank)),
    );
    const { seconds, end } = sweepNotes.of(workspace.state, task.pointsKey)!;
    const result = {
      ...{ network: name, pictures: Number(pictures), factoriseSeconds, load: loadavg()[0]! },
      ...{ asked: 60 * Number(minutes), seconds, end },
      ...{ layers: task.layers.length, measured: measured.length, points: points.length },
      coarseSeconds: coarseEnd(told, 2 * task.layers.length),
      ranksPerLayer: points.length / task.layers.length,
      imagesPerPoint: points.reduce((sum, { images: own }) => sum + own, 0) / points.length,
      ofGrid: task.layers.reduce((sum, { rankMax }) => sum + rankGrid(rankMax, 9).length, 0),
      worstEstimate: worstEstimate(told, seconds),
      memoryGiB: memory / 2 ** 30,
      told: told.map(({ at, progress }) => [at, progress.done, progress.secondsLeft ?? null]),
    };
    writeResult('timed', result);
    print(result);
  });
}

/** When so many points were measured. */
function coarseEnd(told: readonly Told[], count: number): number | null {
  return told.find(({ progress }) => progress.done >= count)?.at ?? null;
}

/**
 * The greatest error of the remaining time that was told, as a share of what really remained: from the first minute, or
 * tenth of the time, on, and before the last tenth, in which a task is as long as what remains.
 */
function worstEstimate(told: readonly Told[], end: number): number {
  const from = Math.min(60, end / 10);
  return told
    .filter(({ at }) => at >= from && at <= 0.9 * end)
    .reduce((worst, { at, progress: { secondsLeft } }) => {
      const left = end - at;
      return secondsLeft === undefined ? worst : Math.max(worst, Math.abs(secondsLeft - left) / left);
    }, 0);
}

function print(
  result: {
    readonly [Name in 'asked' | 'seconds' | 'factoriseSeconds' | 'worstEstimate' | 'memoryGiB']: number;
  } & {
    readonly [Name in 'layers' | 'measured' | 'points' | 'ranksPerLayer' | 'imagesPerPoint' | 'load']: number;
  } & {
    readonly network: string;
    readonly pictures: number;
    readonly end: string | null;
    readonly coarseSeconds: number | null;
  },
): void {
  const lines = [
    `${result.network}, ${result.pictures} pictures, divergence, WebAssembly`,
    `factorised in ${result.factoriseSeconds.toFixed(1)} s`,
    `asked for ${result.asked} s, took ${result.seconds.toFixed(1)} s (${(result.seconds / result.asked).toFixed(2)}), ended by ${result.end}`,
    `layers measured: ${result.measured} of ${result.layers}; all of them once after ${result.coarseSeconds?.toFixed(1) ?? '–'} s`,
    `${result.points} points, ${result.ranksPerLayer.toFixed(1)} ranks a layer, ${result.imagesPerPoint.toFixed(1)} images a point`,
    `remaining time told, from the first minute or tenth on: off by at most ${(100 * result.worstEstimate).toFixed(0)} %`,
    `memory of the process: ${result.memoryGiB.toFixed(2)} GiB at most`,
    `load average of the machine: ${result.load.toFixed(1)}`,
  ];
  console.log(lines.join('\n'));
}
