import { fail, outcomeOf, type Outcome } from '../../network/failure';
import { recipeKey } from '../../compression/recipe';
import { evaluateKind, type EvaluateSpec } from '../../../workers/protocol/evaluate';
import { factoriseKind, type FactoriseSpec } from '../../../workers/protocol/factorise';
import type { RunSpec } from '../../../workers/protocol/kinds';
import { latencyKind, type LatencySpec } from '../../../workers/protocol/latency';
import { raceKind, type RaceSpec } from '../../../workers/protocol/race';
import { adoptPatchKind, lendPatchKind } from '../../../workers/protocol/patches';
import { repairKind, type RepairSpec } from '../../../workers/protocol/repair';
import type { Studio } from '../../../workers/protocol/studio';
import { sweepKind, type SweepSpec } from '../../../workers/protocol/sweep';

/** Classes of every network of {@link fakeStudio}. */
const classes = 2;

type Answer<S extends RunSpec> = (task: S['task'], onEvent: (event: S['event']) => void) => S['result'];

/** Class 0 on every image, more surely the less is cut. */
const evaluate: Answer<EvaluateSpec> = ({ recipe, selection }) => {
  const images = selection.indices.length;
  const margin = 1 / (1 + Object.keys(recipe.layers).length);
  const scores = Float32Array.from({ length: images * classes }, (_, index) =>
    index % classes === 0 ? margin : 0,
  );
  return { images, classes, scores, kind: 'logits' };
};

const factorise: Answer<FactoriseSpec> = ({ layers }, onEvent) => {
  for (const [index, { layer, factorisation }] of layers.entries()) {
    const singularValues = Float64Array.from({ length: 24 }, (_, rank) => 9 * (0.3 + 0.15 * index) ** rank);
    for (const isHeld of [false, true]) onEvent({ layer, factorisation, singularValues, isHeld });
  }
  return null;
};

/** The ends of every layer, the first layers the more sensitive ones. */
const sweep: Answer<SweepSpec> = ({ layers, selection, known }, onEvent) => {
  if (known.length > 0) return known;
  const images = selection.indices.length;
  const points = layers.flatMap(({ name: layer, factorisation, rankMax }, index) =>
    [1, rankMax].map((rank) => ({
      ...{ layer, factorisation, rank, images, basis: 'agreement' as const },
      ...{ correct: images, correctUncut: images },
      divergence: 1 / (rank * (1 + index)),
      divergenceDeviation: 0.1,
    })),
  );
  points.forEach((point) => onEvent({ ...point, from: 0 }));
  return points;
};

/** The entries come in in their order, or in the opposite one. */
function standingsOf(
  { candidates, indices }: RaceSpec['task'],
  onEvent: (event: RaceSpec['event']) => void,
  winner: 'first' | 'last',
): RaceSpec['result'] {
  const images = indices.length;
  const places = candidates.map((_, place) => (winner === 'first' ? place : candidates.length - 1 - place));
  const standings = candidates.map(({ recipe }, entry) => ({
    key: recipeKey(recipe),
    images,
    correct: Math.max(0, images - places[entry]!),
    isDropped: false,
    correctByImage: Uint8Array.from({ length: images }, (_, image) =>
      image < images - places[entry]! ? 1 : 0,
    ),
  }));
  onEvent(standings);
  return standings;
}

const repair: Answer<RepairSpec> = ({ recipe }) => ({
  key: recipeKey(recipe),
  layers: [],
  divergence: { truncated: 0.2, repaired: 0.1 },
  isRepaired: true,
});

/** A cut network takes half of the original's time. */
const latency: Answer<LatencySpec> = ({ recipes, batches }) => {
  const exactly = (value: number) => ({ median: value, lowerQuartile: value, upperQuartile: value });
  const timings = recipes.map(({ layers }) => {
    const factor = Object.keys(layers).length > 0 ? 2 : 1;
    return { time: exactly(8 / factor), speedUp: exactly(factor) };
  });
  const sizes = batches.map((size) => (size === 'evaluation' ? 8 : size));
  return { runtime: 'Fake', threads: 1, batches: sizes.map((batchSize) => ({ batchSize, timings })) };
};

/** By the kind's name, which ties it to its types where it is asked for. */
const answers = {
  [evaluateKind.name]: evaluate,
  [factoriseKind.name]: factorise,
  [sweepKind.name]: sweep,
  [repairKind.name]: repair,
  [latencyKind.name]: latency,
  [lendPatchKind.name]: () => ({ replacements: [] }),
  [adoptPatchKind.name]: () => null,
} as unknown as Readonly<Record<string, Answer<RunSpec>>>;

/**
 * A studio without threads that answers everything at once; networks of its are surer the less is cut.
 *
 * @param onRun told what is to be run; what it throws is how the run ends
 * @param winner which entry wins races
 */
export function fakeStudio({
  onRun = () => undefined,
  winner = 'first',
}: {
  readonly onRun?: (kind: string, task: unknown) => void;
  readonly winner?: 'first' | 'last';
} = {}): Pick<Studio, 'run'> {
  return {
    run<S extends RunSpec>(
      ...[signal, { name }, task, , onEvent = () => undefined]: Parameters<Studio['run']>
    ): Promise<Outcome<S['result']>> {
      return outcomeOf(async () => {
        onRun(name, task);
        await Promise.resolve();
        if (signal.aborted) fail('cancelled', 'Cancelled.');
        if (name === raceKind.name) return standingsOf(task as RaceSpec['task'], onEvent, winner);
        return answers[name]!(task, onEvent);
      });
    },
  };
}
