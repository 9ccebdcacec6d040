import { sweepShards, type SweepShard } from '../../src/enc/sweep/shards';
import { evaluateKind } from '../../workers/protocol/evaluate';
import { unwrap } from '../../src/network/failure';
import { original } from '../../src/project/measurements';
import { imageParts, selectionOf } from '../../src/project/images';
import { sweepStatement } from '../../src/project/sharing/sweepStatement';
import { printAnswer, table } from '../output';
import { shareSweep, type SharedSweepOptions } from '../sharing/sharedSweep';
import { doShard } from '../sharing/doShard';
import { measureShard } from '../sharing/sweeping';
import { never, Workspace } from '../workspace';

/** Measures a part of the layers' curves, one file a unit of work, and skips what is done. */
export async function sweep(model: readonly string[], options: SharedSweepOptions): Promise<void> {
  await doShard(model, options, async (workspace, folder, counts) => {
    const { statement, shared } = await shareSweep(workspace, options);
    const { index, count } = options.shard;
    const shard = sweepShards(shared, count)[index - 1]!;
    await folder.begin(sweepStatement, statement);
    await measureShard(workspace, folder, { statement, sweep: shared, shard }, counts);
  });
}

/** One row of what is planned. */
interface PlannedShard {
  readonly shard: string;
  readonly layers: number;
  readonly ranks: number;
  readonly images: number;
  readonly macs: number;
  /** Predicted, for one thread of this machine. */
  readonly minutes: number;
}

/** Prints how so many shards would share a sweep, and how long each would take on one thread of this machine. */
export async function planSweep(
  model: readonly string[],
  options: SharedSweepOptions,
  count: number,
): Promise<void> {
  await Workspace.with(
    model,
    options,
    async (workspace) => {
      const { shared } = await shareSweep(workspace, options);
      const shards = sweepShards(shared, count);
      const rate = await macsPerSecond(workspace);
      const planned = shards.map((shard, index) => plannedShard(shard, `${index + 1}/${count}`, rate));
      const isBound = !shared.settings.exhaustive;
      const longest = planned.reduce((most, { minutes }) => Math.max(most, minutes), 0);
      const total = planned.reduce((sum, { minutes }) => sum + minutes, 0);
      const answer = { shards: planned, macsPerSecond: rate, isBound, minutes: { longest, total } };
      printAnswer(options.json, answer, () => planText(answer));
    },
    { threads: options.threads },
  );
}

function plannedShard({ tasks, macs }: SweepShard, shard: string, rate: number): PlannedShard {
  const layers = new Set(tasks.map(({ layer }) => layer.name));
  const ranks = new Set(tasks.flatMap(({ layer, ranks: own }) => own.map((rank) => `${layer.name}|${rank}`)));
  const images = new Set(tasks.map(({ from, to }) => `${from}-${to}`));
  return {
    shard,
    layers: layers.size,
    ranks: ranks.size,
    images: [...images].reduce((sum, run) => {
      const [from = 0, to = 0] = run.split('-').map(Number);
      return sum + to - from;
    }, 0),
    macs,
    minutes: macs / rate / 60,
  };
}

/** Multiply-accumulates a second of one thread, seen on the uncut network. */
async function macsPerSecond(workspace: Workspace): Promise<number> {
  const selection = selectionOf(imageParts(workspace.state)!.selection);
  const indices = selection.indices.slice(0, timedImages);
  const recipe = original(workspace.state)!;
  const task = { recipe, selection: { ...selection, indices }, notNumbers: 'ignored' } as const;
  const run = async () => unwrap(await workspace.studio.run(never, evaluateKind, task, () => undefined));
  // The first run compiles.
  await run();
  const started = performance.now();
  await run();
  return (1000 * workspace.network.macs * indices.length) / (performance.now() - started);
}

/** Images on which the network is timed: no more than one thread is given at once. */
const timedImages = 32;

interface SweepPlan {
  readonly shards: readonly PlannedShard[];
  readonly macsPerSecond: number;
  readonly isBound: boolean;
  readonly minutes: { readonly longest: number; readonly total: number };
}

function planText({ shards, macsPerSecond: rate, isBound, minutes }: SweepPlan): string {
  const rows = table([
    ['shard', 'layers', 'ranks', 'images', 'predicted minutes'],
    ...shards.map(({ shard, layers, ranks, images, minutes: own }) => [
      shard,
      layers,
      ranks,
      images,
      own.toFixed(2),
    ]),
  ]);
  const bound = isBound
    ? ' At most: ranks and images that cannot tell anything are left out as the sweep goes; --exhaustive measures all, and can be cut finer.'
    : '';
  return `${rows}\n\npredicted for one thread a shard at ${(rate / 1e9).toFixed(1)} GMAC/s, as this machine ran the uncut network: ${minutes.longest.toFixed(2)} minutes for the longest, ${minutes.total.toFixed(2)} in all.${bound}`;
}
