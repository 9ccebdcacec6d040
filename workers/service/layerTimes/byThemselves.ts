import type { LayerTimes, TimeTable } from '../../../src/enc/timeTable';
import { createExecutor, type Executor } from '../../../src/engine/executor';
import { compareLatency, type Timing } from '../../../src/engine/latency';
import { rewriteNetwork } from '../../../src/network/rewrite';
import type { LayerTimesSpec } from '../../protocol/layerTimes';
import type { RunTools } from '../../runs/run';
import { layersAlone } from './layerAlone';
import type { ThreadContext } from '../threadContext';

type Task = LayerTimesSpec['task'];

/** What one kind of layer takes as shares of the whole network's time. */
type Shares = Omit<LayerTimes, 'layer' | 'factorisation'>;

/**
 * Times every kind of layer once. A layer takes turns with the whole network and its time counts as a share of that,
 * so that a machine that is slower at one time than at another makes no difference between layers.
 */
export async function timeByThemselves(
  context: ThreadContext,
  task: Task,
  tools: RunTools<LayerTimesSpec>,
): Promise<TimeTable> {
  const { network, layers, batchSize, rounds } = task;
  const whole = createExecutor(context.original(network));
  try {
    const [{ time }] = (await compareLatency([whole], batchSize, {
      rounds,
      isCancelled: tools.isCancelled,
    })) as [Timing];
    const shares = await sharesOf(context, task, whole, tools);
    const total = time.median;
    const timed = layers.flatMap((wanted): LayerTimes[] => {
      const own = shares.get(wanted);
      if (!own) return [];
      const { layer, factorisation } = wanted;
      const times = own.times.map((share) => total * share);
      return [{ layer, factorisation, whole: total * own.whole, ranks: own.ranks, times }];
    });
    return { total, layers: timed };
  } finally {
    whole.dispose();
  }
}

async function sharesOf(
  context: ThreadContext,
  task: Task,
  whole: Executor,
  tools: RunTools<LayerTimesSpec>,
): Promise<ReadonlyMap<Task['layers'][number], Shares>> {
  const { layers } = task;
  const alone = layersAlone(context.original(task.network));
  const byLikeness = new Map<string, Shares>();
  const shares = new Map<Task['layers'][number], Shares>();
  for (const [index, wanted] of layers.entries()) {
    const own = alone(wanted.layer);
    if (!own) continue;
    const likeness = JSON.stringify([own.likeness, wanted.factorisation, wanted.ranks]);
    const known =
      byLikeness.get(likeness) ?? (await measure(context, task, wanted, own.network, whole, tools));
    byLikeness.set(likeness, known);
    shares.set(wanted, known);
    tools.onProgress({ stage: 'timing', done: index + 1, total: layers.length, unit: 'layers' });
  }
  return shares;
}

async function measure(
  context: ThreadContext,
  { network, batchSize, rounds }: Task,
  { layer, factorisation, ranks }: Task['layers'][number],
  alone: Parameters<typeof createExecutor>[0],
  whole: Executor,
  { isCancelled }: RunTools<LayerTimesSpec>,
): Promise<Shares> {
  const factors = context.factors(network, layer, factorisation);
  const cut = ranks.map((rank) => rewriteNetwork(alone, { [layer]: rank }, () => factors));
  const executors = [alone, ...cut].map((own) => createExecutor(own));
  try {
    const timings = await compareLatency([whole, ...executors], batchSize, { rounds, isCancelled });
    const [uncut, ...times] = timings.slice(1).map(({ speedUp }) => 1 / speedUp.median);
    return { whole: uncut!, ranks, times };
  } finally {
    executors.forEach((executor) => executor.dispose());
  }
}
