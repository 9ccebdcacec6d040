import type { LayerTimes, TimeTable } from '../../../src/enc/timeTable';
import { createExecutor, type Executor } from '../../../src/engine/executor';
import { groupNodes } from '../../../src/engine/fusion';
import { rankLanes } from '../../../src/engine/rankLanes';
import { compareSteps, type StepTimes } from '../../../src/engine/stepTimes';
import type { Network } from '../../../src/network/graph';
import { layerNodes } from '../../../src/network/layerNodes';
import { applyPatch } from '../../../src/network/patch';
import { lowRankPatch } from '../../../src/network/rewrite';
import { greatest, least } from '../../../src/linalg/extremes';
import { spreadOf } from '../../../src/linalg/spread';
import type { LayerTimesSpec } from '../../protocol/layerTimes';
import type { RunTools } from '../../runs/run';
import type { ThreadContext } from '../threadContext';
import { likenessOf } from './layerAlone';

type Task = LayerTimesSpec['task'];
type Wanted = Task['layers'][number];

/** What a layer takes as shares of the whole network's time. */
interface Shares {
  /** One for every network that it was timed beside. */
  readonly whole: number[];
  /** By rank. */
  readonly cut: Map<number, number>;
  /** What ranks are filled up to when the factors are computed. */
  readonly lanes: Set<number>;
}

/**
 * Times layers as they run in the network: all of them cut to their first rank, to their second and so on, each such
 * network in turns with the original, and once more those that are to be timed in two ways. So a layer's weights come from memory as they do when the network runs, and what
 * a run costs beside its layers is counted once. Layers that are alike but for their weights take what they take on
 * average.
 */
export async function timeInside(
  context: ThreadContext,
  task: Task,
  { isCancelled, onProgress }: RunTools<LayerTimesSpec>,
): Promise<TimeTable> {
  const { network, layers, batchSize, rounds } = task;
  const original = context.original(network);
  const shares = new Map(layers.map((wanted) => [wanted, noShares()]));
  const totals: number[] = [];
  const whole = createExecutor(original);
  const levels = levelsOf(layers);
  try {
    for (const [done, level] of levels.entries()) {
      const cut = cutAt(context, network, original, level);
      const executor = whole.derive(cut.network);
      try {
        const times = await compareSteps([whole, executor], batchSize, { rounds, isCancelled });
        const [uncut, small] = times as [StepTimes, StepTimes];
        totals.push(uncut.total);
        const before = timesByNode(whole, uncut);
        const after = timesByNode(executor, small);
        const lanesOf = rankLanes(cut.network);
        for (const { wanted, rank, nodes } of cut.layers) {
          const own = shares.get(wanted)!;
          own.whole.push(before([wanted.layer]) / uncut.total);
          if (rank !== null) own.cut.set(rank, after(nodes) / uncut.total);
          own.lanes.add(lanesOf(nodes[0]!));
        }
      } finally {
        executor.dispose();
      }
      onProgress({ stage: 'timing', done: done + 1, total: levels.length, unit: 'ranks' });
    }
    if (levels.length === 0)
      totals.push((await compareSteps([whole], batchSize, { rounds, isCancelled }))[0]!.total);
  } finally {
    whole.dispose();
  }
  const total = spreadOf(totals).median;
  return { total, layers: evenedOut(original, layers, shares, total) };
}

/** Layers that are cut together, each once, to the one of their ranks that stands at a place. */
interface Level {
  readonly layers: readonly Wanted[];
  readonly place: number;
}

/** Every rank of every layer: first of those ways to split layers that are named first, then of others. */
function levelsOf(layers: readonly Wanted[]): readonly Level[] {
  const passes: Map<string, Wanted>[] = [];
  for (const wanted of layers) {
    const pass = passes.find((own) => !own.has(wanted.layer));
    if (pass) pass.set(wanted.layer, wanted);
    else passes.push(new Map([[wanted.layer, wanted]]));
  }
  return passes.flatMap((pass) => {
    const own = [...pass.values()];
    const most = greatest(own.map(({ ranks }) => ranks.length));
    return Array.from({ length: most }, (_, place) => ({ layers: own, place }));
  });
}

const noShares = (): Shares => ({ whole: [], cut: new Map(), lanes: new Set() });

interface CutLayer {
  readonly wanted: Wanted;
  /** Null where it was timed at this rank before. */
  readonly rank: number | null;
  /** Names of its factors. */
  readonly nodes: readonly string[];
}

/** Every layer of a level at its rank there, those that have fewer ranks at their last. */
function cutAt(
  context: ThreadContext,
  id: string,
  original: Network,
  { layers, place }: Level,
): { readonly network: Network; readonly layers: readonly CutLayer[] } {
  const named = new Map(layers.map((own) => [own.layer, own]));
  const ranks = Object.fromEntries(layers.map((own) => [own.layer, own.ranks[place] ?? own.ranks.at(-1)!]));
  const patch = lowRankPatch(original, ranks, (layer) =>
    context.factors(id, layer, named.get(layer)!.factorisation),
  );
  return {
    network: applyPatch(original, patch),
    layers: patch.replacements.map(({ node, nodes }) => {
      const wanted = named.get(node)!;
      return { wanted, rank: wanted.ranks[place] ?? null, nodes: nodes.map(({ name }) => name) };
    }),
  };
}

/** Tells the time of nodes; a step's time is its layers' in equal parts. */
function timesByNode(executor: Executor, { steps }: StepTimes): (nodes: readonly string[]) => number {
  const layers = new Set(layerNodes(executor.network).map(({ name }) => name));
  const times = new Map<string, number>();
  for (const [index, nodes] of executor.steps.entries()) {
    const own = nodes.filter((name) => layers.has(name));
    for (const name of own) times.set(name, steps[index]! / own.length);
  }
  return (nodes) => nodes.reduce((sum, name) => sum + (times.get(name) ?? 0), 0);
}

/** In milliseconds, layers that are alike but for their weights as their mean. */
function evenedOut(
  network: Network,
  layers: readonly Wanted[],
  shares: ReadonlyMap<Wanted, Shares>,
  total: number,
): readonly LayerTimes[] {
  const groups = groupNodes(network);
  const alike = new Map<string, Wanted[]>();
  for (const wanted of layers) {
    const group = groups.find(({ nodes }) => nodes.some(({ name }) => name === wanted.layer))!;
    const likeness = likenessOf(group.shape ?? [], group.nodes);
    const key = JSON.stringify([likeness, group.inputs.length, wanted.factorisation, wanted.ranks]);
    alike.set(key, [...(alike.get(key) ?? []), wanted]);
  }
  const times = new Map<Wanted, LayerTimes>();
  for (const those of alike.values()) {
    const { ranks } = those[0]!;
    const own = those.map((wanted) => shares.get(wanted)!);
    const whole = total * mean(own.flatMap((share) => share.whole));
    const cut = ranks.map((rank) => total * mean(own.map((share) => share.cut.get(rank)!)));
    // Where it depends on the rank, nothing is said of those in between.
    const lanes = least(own.flatMap((share) => [...share.lanes]));
    for (const wanted of those) {
      const { layer, factorisation } = wanted;
      times.set(wanted, { layer, factorisation, whole, ranks, times: cut, lanes });
    }
  }
  return layers.map((wanted) => times.get(wanted)!);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
