import { correctWithin } from '../../src/answers/correct';
import { bestMetric, metrics } from '../../src/compression/metrics';
import { macsBudget, plansAt, problemOf } from '../../src/compression/planning';
import { repairStep } from '../../src/compression/steps/repair';
import { lowRankRecipe, originalRecipe, withStep, type Recipe } from '../../src/compression/recipe';
import type { Budget, Cost } from '../../src/enc/costs';
import type { Curve } from '../../src/enc/curve';
import { PieceSet } from '../../src/enc/sweep/pieces';
import { defaultSweepSettings } from '../../src/enc/sweep/schedule';
import { timeCost, type TimeTable } from '../../src/enc/timeTable';
import { unwrap } from '../../src/network/failure';
import { foretoldTime, layerTimesTask } from '../../src/project/layerTimes';
import { initialProject, type NetworkState } from '../../src/project/state';
import { withNetwork, withSpectra } from '../../src/project/transitions';
import { createStudio } from '../../workers/client';
import { evaluateKind } from '../../workers/protocol/evaluate';
import { factoriseKind, type LayerSpectrum } from '../../workers/protocol/factorise';
import { latencyKind, type LatencyReport, type RuntimeId } from '../../workers/protocol/latency';
import { layerTimesKind } from '../../workers/protocol/layerTimes';
import { repairKind } from '../../workers/protocol/repair';
import type { ImagesSummary, NetworkSummary } from '../../workers/protocol/summaries';
import { sweepKind } from '../../workers/protocol/sweep';
import { download } from '../pages/download';

/** A plan by the layers' measured divergence, which the page plans by unless it is told otherwise. */
export interface TimedPlan {
  readonly recipe: Recipe;
  /** How many layers are cut. */
  readonly cut: number;
  /** Share of the original's MACs. */
  readonly macs: number;
  /** What the layers' times say of it, as shares of the original's time, by images a run. */
  readonly foretold: Readonly<Record<number, number>>;
}

/** What the page does for the benchmark. */
export interface PageBenchmark {
  /** Opens the network and the images and factorises the layers. @returns what computes */
  open(): Promise<string>;
  /** Measures the layers' curves on the last training images. @returns how many points there are */
  measureCurves(images: number): Promise<number>;
  /** Times the layers. @returns milliseconds of one run of the original */
  timeLayers(batch: number): Promise<number>;
  /** A method's plan at a share of the original's MACs. */
  planByMacs(method: string, share: number): Promise<TimedPlan>;
  /** A method's plan at a share of the original's time, by the layers' times with so many images a run. */
  planByTime(method: string, share: number, batch: number): Promise<TimedPlan>;
  /** Whether each image is answered rightly, 1 or 0, by a cut network; null is the original. */
  right(recipe: Recipe | null, images: number): Promise<readonly number[]>;
  /** The same of the network that repair on the first training images makes of it. */
  rightRepaired(recipe: Recipe, images: number, calibration: number): Promise<readonly number[]>;
  /** The original and cut networks, in turns. */
  time(
    recipes: readonly Recipe[],
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
  readonly network: NetworkState;
  readonly curves: ReadonlyMap<string, Curve>;
  readonly test: ImagesSummary;
  readonly train: ImagesSummary;
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
  opened = { network: await factorised(network), curves: new Map(), test, train, tables: new Map() };
  return backend;
}

async function measureCurves(images: number): Promise<number> {
  const { network, train } = opened;
  const { fingerprint, layers: all } = network.summary;
  const layers = problemOf(network.summary, {}).layers.map(({ name }) =>
    all.find((layer) => layer.name === name)!,
  );
  const indices = Uint32Array.from({ length: images }, (_, index) => train.count - images + index);
  const selection = { images: train.fingerprint, indices, preprocessing };
  const settings = { ...defaultSweepSettings, decides: 'divergence' as const, images };
  const pieces = new PieceSet([]);
  const request = {
    ...{ network: fingerprint, selection, layers, costs: all, settings },
    ...{ refit: null, known: [], time: null },
  };
  unwrap(await studio.run(never, sweepKind, request, ignore, (piece) => void pieces.add(piece)));
  const { points } = pieces;
  const { curves } = metrics.get(bestMetric).curves(layers, points, network.curves);
  opened = { ...opened, curves };
  return points.length;
}

async function timeLayers(batchSize: number): Promise<number> {
  const task = { ...layerTimesTask(opened.network.summary, {}), batchSize };
  const table = unwrap(await studio.run(never, layerTimesKind, task, ignore));
  opened.tables.set(batchSize, table);
  return table.total;
}

/** Factorises every layer that can be cut, as those that are kept by default are timed, too. */
async function factorised(summary: NetworkSummary): Promise<NetworkState> {
  const { fingerprint, layers } = summary;
  const cuttable = layers.filter(({ kept, rankMax }) => kept === null && rankMax >= 1);
  const wanted = cuttable.map(({ name, factorisation, rankMax }) => ({
    ...{ layer: name, factorisation, rank: rankMax },
  }));
  const found: LayerSpectrum[] = [];
  unwrap(
    await studio.run(
      never,
      factoriseKind,
      { network: fingerprint, layers: wanted },
      ignore,
      (spectrum) => void found.push(spectrum),
    ),
  );
  return withSpectra(withNetwork(initialProject, 'ResNet-56', summary), fingerprint, found).network!;
}

function planned(method: string, budget: Budget, costs: readonly Cost[]): Promise<TimedPlan> {
  const { summary, curves: energy } = opened.network;
  const problem = problemOf(summary, {}, { costs });
  const inputs = { metric: bestMetric, curves: opened.curves, energy, space: null };
  const plan = plansAt(problem, inputs, [budget])[method]!;
  const factorisations = new Map(summary.layers.map(({ name, factorisation }) => [name, factorisation]));
  const recipe = lowRankRecipe(summary.fingerprint, plan.ranks, (layer) => factorisations.get(layer)!);
  const foretold = [...opened.tables].map(([batch, table]) => [
    batch,
    foretoldTime(table, summary.layers, recipe) / table.total,
  ]);
  return Promise.resolve({
    recipe,
    cut: Object.values(plan.ranks).filter((rank) => rank !== null).length,
    macs: plan.costs.macs / summary.macs,
    foretold: Object.fromEntries(foretold) as TimedPlan['foretold'],
  });
}

const planByMacs = (method: string, share: number) => planned(method, macsBudget(share), []);

function planByTime(method: string, share: number, batch: number): Promise<TimedPlan> {
  const time = timeCost(opened.tables.get(batch)!);
  return planned(method, { cost: 'time', share }, [time]);
}

async function rightBy(recipe: Recipe, images: number): Promise<readonly number[]> {
  const { fingerprint, labels } = opened.test;
  const indices = Uint32Array.from({ length: images }, (_, index) => index);
  const selection = { images: fingerprint, indices, preprocessing };
  const answers = unwrap(await studio.run(never, evaluateKind, { recipe, selection }, ignore));
  return [...correctWithin(answers, labels!.subarray(0, images), 1)];
}

const original = () => originalRecipe(opened.network.summary.fingerprint);
const right = (recipe: Recipe | null, images: number) => rightBy(recipe ?? original(), images);

async function rightRepaired(cut: Recipe, images: number, calibration: number): Promise<readonly number[]> {
  const draw = { kind: 'run' as const, from: 0, count: calibration };
  const drawn = { images: opened.train.fingerprint, draw, preprocessing };
  const recipe = withStep(cut, repairStep(drawn, 0));
  unwrap(await studio.run(never, repairKind, { recipe }, ignore));
  return rightBy(recipe, images);
}

async function time(
  cut: readonly Recipe[],
  runtime: RuntimeId,
  batches: readonly number[],
  rounds: number,
): Promise<LatencyReport> {
  const recipes = [original(), ...cut];
  return unwrap(await studio.run(never, latencyKind, { recipes, runtime, batches, rounds }, ignore));
}

Object.assign(globalThis, {
  timesBenchmark: {
    open,
    measureCurves,
    timeLayers,
    planByMacs,
    planByTime,
    right,
    rightRepaired,
    time,
  } satisfies PageBenchmark,
});
