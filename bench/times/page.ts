import { countCorrect } from '../../src/answers/correct';
import { macsBudget, plansAt, problemOf } from '../../src/compression/planning';
import { repairStep } from '../../src/compression/steps/repair';
import { lowRankRecipe, originalRecipe, withStep, type Recipe } from '../../src/compression/recipe';
import { energyCurve } from '../../src/enc/curve';
import type { Budget, Cost } from '../../src/enc/costs';
import { timeCost, type TimeTable } from '../../src/enc/timeTable';
import { unwrap } from '../../src/network/failure';
import type { Ranks } from '../../src/network/layers';
import { foretoldTime, layerTimesTask } from '../../src/project/layerTimes';
import { createStudio } from '../../workers/client';
import { evaluateKind } from '../../workers/protocol/evaluate';
import { factoriseKind } from '../../workers/protocol/factorise';
import { latencyKind, type LatencyReport, type RuntimeId } from '../../workers/protocol/latency';
import { layerTimesKind } from '../../workers/protocol/layerTimes';
import { repairKind } from '../../workers/protocol/repair';
import type { ImagesSummary, NetworkSummary } from '../../workers/protocol/summaries';
import { download } from '../pages/download';

/** A plan by energy. */
export interface TimedPlan {
  readonly ranks: Ranks;
  /** Share of the original's MACs. */
  readonly macs: number;
  /** What the layers' times say of it, as shares of the original's time, by images a run. */
  readonly foretold: Readonly<Record<number, number>>;
}

/** What the page does for the benchmark. */
export interface PageBenchmark {
  /** Opens the network and the images and factorises the layers. @returns what computes */
  open(): Promise<string>;
  /** Times the layers. @returns milliseconds of one run of the original */
  timeLayers(batch: number): Promise<number>;
  /** A method's plan at a share of the original's MACs. */
  planByMacs(method: string, share: number): Promise<TimedPlan>;
  /** A method's plan at a share of the original's time, by the layers' times with so many images a run. */
  planByTime(method: string, share: number, batch: number): Promise<TimedPlan>;
  /** Right answers of a network cut to these ranks; null is the original. */
  right(ranks: Ranks | null, images: number): Promise<number>;
  /** The same of the network that repair on the first training images makes of it. */
  rightRepaired(ranks: Ranks, images: number, calibration: number): Promise<number>;
  /** The original and networks cut to some ranks, in turns. */
  time(
    ranks: readonly Ranks[],
    runtime: RuntimeId,
    batches: readonly number[],
    rounds: number,
  ): Promise<LatencyReport>;
}

const preprocessing = { channels: 'rgb' as const, mean: [128], scale: [0.0078125] };
const never = new AbortController().signal;
const ignore = () => undefined;
const studio = createStudio();

interface Opened {
  readonly network: NetworkSummary;
  readonly test: ImagesSummary;
  readonly train: ImagesSummary;
  readonly curves: ReadonlyMap<string, ReturnType<typeof energyCurve>>;
  /** By images a run. */
  readonly tables: Map<number, TimeTable>;
}

let opened: Opened;

async function open(): Promise<string> {
  const { backend } = unwrap(await studio.start('wasm'));
  const network = unwrap(await studio.openNetwork(never, [await download('model.onnx')]));
  const [test, train] = [
    unwrap(await studio.openImages(never, [await download('test.bin')])),
    unwrap(await studio.openImages(never, [await download('train.bin')])),
  ];
  const curves = await curvesOf(network);
  opened = { network, test, train, curves, tables: new Map() };
  return backend;
}

async function timeLayers(batchSize: number): Promise<number> {
  const task = { ...layerTimesTask(opened.network), batchSize };
  const table = unwrap(await studio.run(never, layerTimesKind, task, ignore));
  opened.tables.set(batchSize, table);
  return table.total;
}

/** Factorises every layer that can be cut, as those that are kept by default are timed, too. */
async function curvesOf({ fingerprint, layers }: NetworkSummary): Promise<Opened['curves']> {
  const cuttable = layers.filter(({ kept, rankMax }) => kept === null && rankMax >= 1);
  const largest = new Map(cuttable.map(({ name, rankMax }) => [name, rankMax]));
  const wanted = cuttable.map(({ name, factorisation, rankMax }) => ({
    ...{ layer: name, factorisation, rank: rankMax },
  }));
  const curves = new Map<string, ReturnType<typeof energyCurve>>();
  unwrap(
    await studio.run(
      ...[never, factoriseKind, { network: fingerprint, layers: wanted }, ignore],
      ({ layer, singularValues }) =>
        void curves.set(layer, energyCurve(layer, singularValues, largest.get(layer)!)),
    ),
  );
  return curves;
}

function planned(method: string, budget: Budget, costs: readonly Cost[]): Promise<TimedPlan> {
  const { network, curves, tables } = opened;
  const problem = problemOf(network, {}, { costs });
  const inputs = { metric: 'energy', curves, energy: curves, space: null };
  const plan = plansAt(problem, inputs, [budget])[method]!;
  const recipe = recipeOf(plan.ranks);
  const foretold = [...tables].map(([batch, table]) => [
    batch,
    foretoldTime(table, network.layers, recipe) / table.total,
  ]);
  const made = { ranks: plan.ranks, macs: plan.costs.macs / network.macs };
  return Promise.resolve({ ...made, foretold: Object.fromEntries(foretold) as TimedPlan['foretold'] });
}

const planByMacs = (method: string, share: number) => planned(method, macsBudget(share), []);
const planByTime = (method: string, share: number, batch: number) =>
  planned(method, { cost: 'time', share }, [timeCost(opened.tables.get(batch)!)]);

function recipeOf(ranks: Ranks | null): Recipe {
  const { fingerprint, layers } = opened.network;
  const factorisations = new Map(layers.map(({ name, factorisation }) => [name, factorisation]));
  return ranks
    ? lowRankRecipe(fingerprint, ranks, (layer) => factorisations.get(layer)!)
    : originalRecipe(fingerprint);
}

async function rightBy(recipe: Recipe, images: number): Promise<number> {
  const { fingerprint, labels } = opened.test;
  const indices = Uint32Array.from({ length: images }, (_, index) => index);
  const selection = { images: fingerprint, indices, preprocessing };
  const answers = unwrap(await studio.run(never, evaluateKind, { recipe, selection }, ignore));
  return countCorrect(answers, labels!.subarray(0, images)).top1;
}

const right = (ranks: Ranks | null, images: number) => rightBy(recipeOf(ranks), images);

async function rightRepaired(ranks: Ranks, images: number, calibration: number): Promise<number> {
  const draw = { kind: 'run' as const, from: 0, count: calibration };
  const drawn = { images: opened.train.fingerprint, draw, preprocessing };
  const recipe = withStep(recipeOf(ranks), repairStep(drawn, 0));
  unwrap(await studio.run(never, repairKind, { recipe }, ignore));
  return rightBy(recipe, images);
}

async function time(
  ranks: readonly Ranks[],
  runtime: RuntimeId,
  batches: readonly number[],
  rounds: number,
): Promise<LatencyReport> {
  const recipes = [null, ...ranks].map(recipeOf);
  return unwrap(await studio.run(never, latencyKind, { recipes, runtime, batches, rounds }, ignore));
}

Object.assign(globalThis, {
  timesBenchmark: {
    open,
    timeLayers,
    planByMacs,
    planByTime,
    right,
    rightRepaired,
    time,
  } satisfies PageBenchmark,
});
