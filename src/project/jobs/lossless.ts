import { methods } from '../../compression/methods';
import { recipeKey, type Recipe } from '../../compression/recipe';
import { nextTarget, trialsLeft } from '../../enc/lossless';
import { outcomeOf, type Outcome } from '../../network/failure';
import { evaluateKind, type Answers } from '../../../workers/protocol/evaluate';
import type { OnProgress, Progress } from '../../../workers/protocol/progress';
import type { BackgroundJob, TaskTools } from '../background';
import type { LosslessNote, LosslessTrial } from '../document';
import { comparingPart, imageParts, selectionOf, type ImagePart } from '../images';
import { searchingLossless } from '../kinds';
import {
  discordanceOf,
  judged,
  losslessTargets,
  losslessTask,
  seenOn,
  smallestTrial,
  type LosslessTask,
} from '../lossless';
import type { Measurement } from '../measurement';
import { original, repairedRecipe } from '../measurements';
import { formatTarget } from '../numbers';
import { scoredMeasurement } from '../scoring';
import { askedOf } from '../askedSettings';
import { withAsked, withLossless, withMeasurement } from '../foundTransitions';
import { plannerOf } from '../planning';
import { planAt } from '../winners';
import { onRepaired } from './heldRepair';

/**
 * Looks for the smallest plan of the chosen method that loses nothing, when a person asks for it: halves the targets
 * until two neighbours are left, with repair, on the selection images, and looks once at the report images then.
 */
export const lossless: BackgroundJob<LosslessTask> = {
  kind: searchingLossless,
  label: 'Smallest without loss',
  stage: 'smallest without loss',
  lane: 'foreground',
  order: 6,
  isForPage: true,
  rest: () => 0,
  // It takes minutes: nobody's plan waits for it.
  wanted: () => [],
  // What it is about may have changed; where the slider stands is no part of that.
  mayGoOn: (state, { key }) => losslessTask(state)?.key === key,
  title: (_state, { method }) => `Looking for the smallest ${methods.get(method).label} without loss`,
  run: (task, tools) => outcomeOf(() => search(task, tools)),
};

async function search(task: LosslessTask, tools: TaskTools): Promise<null> {
  const { key, method, level } = task;
  const { report } = imageParts(tools.getState())!;
  let note: LosslessNote = { method, trials: [], confirmed: null, isFinished: false };
  const show = (change: Partial<LosslessNote>) => {
    note = { ...note, ...change };
    // What was found holds though nobody waits for it any more, and a later search finds it again.
    tools.record((state) => withLossless(state, key, note));
  };
  show({});
  for (let target; (target = nextTarget(losslessTargets, note.trials)) !== null;) {
    const quiet = { ...tools, onProgress: within(tools.onProgress, note.trials, target) };
    const trial = await tried(task, target, quiet);
    show({ trials: [...note.trials, judged(trial, note.trials, level, report.indices.length)] });
  }
  const found = smallestTrial(note);
  if (!found) {
    show({ isFinished: true });
    return null;
  }
  const recipe = tools.getState().document.recipes[found.recipe]!;
  const quiet = { ...tools, onProgress: within(tools.onProgress, note.trials, found.target) };
  const confirmed = await compared(report, recipe, { achieved: found.achieved, methods: [method] }, quiet);
  show({ confirmed, isFinished: true });
  return null;
}

/** Progress of one trial as that of the whole search, in targets. */
function within(onProgress: OnProgress, trials: readonly LosslessTrial[], target: number): OnProgress {
  const total = trials.length + trialsLeft(losslessTargets, trials) + 1;
  const report = (done: number) => {
    const stage = `trying ${formatTarget(target)}`;
    onProgress({ stage, done: trials.length + done, total, unit: 'targets' });
  };
  report(0);
  return ({ done, total: own }: Progress) => report(own === 0 ? 0 : Math.min(1, done / own));
}

/** Plans for a target, repairs the plan, and sees how it does on the selection images. */
async function tried(
  { method }: LosslessTask,
  target: number,
  tools: TaskTools,
): Promise<Omit<LosslessTrial, 'isLossless'>> {
  const { getState } = tools;
  const planned = (await planAt(plannerOf(getState())!, method, target, tools))!;
  const recipe = planned.isOriginal
    ? planned.recipe
    : (repairedRecipe(getState(), planned.recipe) ?? planned.recipe);
  tools.record((state) =>
    withAsked(state, planned.recipe, { ...askedOf(state.document.settings), target, method }),
  );
  const achieved = planned.plan.costs.macs / getState().network!.summary.macs;
  const seen = await compared(comparingPart(getState())!, recipe, { achieved, methods: [method] }, tools);
  return { target, achieved, recipe: recipeKey(recipe), seen };
}

type Known = Pick<Measurement, 'achieved' | 'methods'>;

async function compared(part: ImagePart, recipe: Recipe, known: Known, tools: TaskTools) {
  const uncut = await seen(part, original(tools.getState())!, { achieved: 1, methods: [] }, tools);
  const own = await seen(part, recipe, known, tools);
  return discordanceOf(uncut, own, part.labels);
}

/** What a network answers on some images: found again where it ran on them before. */
async function seen(
  part: ImagePart,
  recipe: Recipe,
  { achieved, methods: proposing }: Known,
  tools: TaskTools,
): Promise<Measurement> {
  const found = seenOn(tools.getState(), recipeKey(recipe), part);
  if (found) return found;
  const answers = await answersOf(part, recipe, tools);
  const measurement = scoredMeasurement(recipe, part, answers, achieved, proposing);
  tools.record((state) => withMeasurement(state, recipe, measurement));
  return measurement;
}

async function answersOf(part: ImagePart, recipe: Recipe, tools: TaskTools): Promise<Answers> {
  const { studio, signal, onProgress } = tools;
  const run = (): Promise<Outcome<Answers>> =>
    studio.run(signal, evaluateKind, { recipe, selection: selectionOf(part) }, onProgress);
  return onRepaired(recipe, tools, run);
}
