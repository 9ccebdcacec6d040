import { methods } from '../../compression/methods';
import { withStep } from '../../compression/recipe';
import { quantiseStep } from '../../compression/steps/quantise';
import { outcomeOf } from '../../network/failure';
import { quantiseKind } from '../../../workers/protocol/quantise';
import type { BackgroundJob, TaskTools } from '../background';
import { askedOf } from '../askedSettings';
import { bytesNote, bytesTargets, bytesTask, type BytesTask } from '../byBytes';
import { bytesWeights, type BytesNote, type BytesPoint } from '../document';
import { withAsked, withBytes, withMeasurement } from '../foundTransitions';
import { hasEnough, imageParts } from '../images';
import { measuringBytes } from '../kinds';
import { accuracyOf, measurementOf, original, repairedRecipe } from '../measurements';
import { formatTarget } from '../numbers';
import { plannerOf } from '../planning';
import { planAt } from '../winners';
import { onRepaired } from './heldRepair';
import { measuredOnReport, type Reported } from './reporting';

/**
 * Measures the original and the chosen method's plans at a few targets, each stored in several ways, when a person asks
 * for it: how accurate a network of so many bytes is.
 */
export const byBytes: BackgroundJob<BytesTask> = {
  kind: measuringBytes,
  label: 'Accuracy by bytes',
  stage: 'accuracy by bytes',
  lane: 'foreground',
  order: 8,
  isForPage: true,
  rest: () => 0,
  // It takes minutes: nobody's plan waits for it.
  wanted: () => [],
  mayGoOn: (state, { key }) => bytesTask(state)?.key === key,
  title: (_state, { method }) => `Measuring the original and ${methods.get(method).label} by bytes`,
  run: (task, tools) => outcomeOf(() => measureAll(task, tools)),
};

async function measureAll(task: BytesTask, tools: TaskTools): Promise<null> {
  const known = bytesNote(tools.getState(), task);
  let note: BytesNote = { method: task.method, points: known?.points ?? [], isFinished: false };
  const show = (change: Partial<BytesNote>) => {
    note = { ...note, ...change };
    // What was found holds though nobody waits for it any more, and another time it is gone on with.
    tools.record((state) => withBytes(state, task.key, note));
  };
  show({});
  for (const target of bytesTargets) {
    const missing = bytesWeights.filter(
      (weights) => !note.points.some((point) => point.target === target && point.weights === weights),
    );
    if (missing.length === 0) continue;
    const quiet = { ...tools, onProgress: within(tools, target, () => note.points.length) };
    quiet.onProgress({ stage: 'begun', done: 0, total: 1, unit: 'networks' });
    const planned = await networkAt(task, target, quiet);
    for (const weights of missing)
      show({ points: [...note.points, await measured(planned, target, weights, quiet)] });
  }
  show({ isFinished: true });
  return null;
}

/** Progress of one network as that of all of them. */
function within({ onProgress }: TaskTools, target: number, before: () => number): TaskTools['onProgress'] {
  const stage = target === 1 ? 'the original' : `plan at ${formatTarget(target)}`;
  const total = bytesTargets.length * bytesWeights.length;
  return ({ done, total: own }) =>
    onProgress({
      stage,
      done: before() + (own === 0 ? 0 : Math.min(1, done / own)),
      total,
      unit: 'networks',
    });
}

/** The network at a target, repaired where plans are. */
async function networkAt({ method }: BytesTask, target: number, tools: TaskTools): Promise<Reported> {
  const { getState } = tools;
  if (target === 1) return { recipe: original(getState())!, achieved: 1, methods: [] };
  const planned = (await planAt(plannerOf(getState())!, method, target, tools))!;
  tools.record((state) =>
    withAsked(state, planned.recipe, { ...askedOf(state.document.settings), target, method }),
  );
  const recipe = planned.isOriginal
    ? planned.recipe
    : (repairedRecipe(getState(), planned.recipe) ?? planned.recipe);
  return { recipe, achieved: planned.plan.costs.macs / getState().network!.summary.macs, methods: [method] };
}

/** Stores a network, and sees what it answers on the report images then. */
async function measured(
  planned: Reported,
  target: number,
  weights: BytesPoint['weights'],
  tools: TaskTools,
): Promise<BytesPoint> {
  const { studio, signal, onProgress, getState } = tools;
  const { recipe, achieved } = planned;
  const { calibration } = imageParts(getState())!;
  const { seed } = getState().document.settings;
  const images = weights === 'int8' && hasEnough(getState(), 'calibration') ? calibration.drawn : null;
  const stored = withStep(recipe, quantiseStep({ weights, activations: 'float32' }, images, seed));
  const { bytes } = await onRepaired(recipe, tools, () =>
    studio.run(signal, quantiseKind, { recipe: stored }, onProgress),
  );
  const own = weights === 'float32' ? recipe : stored;
  const measurement =
    measurementOf(getState(), own) ??
    (await onRepaired(recipe, tools, () => measuredOnReport({ ...planned, recipe: own }, tools)));
  if (weights === 'float32') tools.record((state) => withMeasurement(state, recipe, measurement));
  const uncut = measurementOf(getState(), original(getState()))!;
  const accuracy = accuracyOf(measurement, uncut);
  return {
    ...{ target, achieved, weights, bytes },
    // The original agrees with itself.
    kind: accuracy?.kind ?? 'agreement',
    successes: accuracy?.successes ?? measurement.count,
    images: measurement.count,
  };
}
