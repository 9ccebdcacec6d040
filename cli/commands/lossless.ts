import { ranksOf, recipeKey, withoutSteps, type Recipe } from '../../src/compression/recipe';
import type { SelectionMethod } from '../../src/compression/methods/method';
import { lossChance, type Discordance } from '../../src/enc/lossless';
import type { LosslessNote, LosslessTrial } from '../../src/project/document';
import { lossless as losslessJob } from '../../src/project/jobs/lossless';
import { losslessNote, losslessTask, losslessText, smallestTrial } from '../../src/project/lossless';
import { measurementOf, original } from '../../src/project/measurements';
import type { Settings } from '../../src/project/settings';
import { accuracyOf } from '../accuracy';
import type { CommonOptions } from '../commonOptions';
import { takeCurves } from '../curvesFile';
import { exported } from '../exporting';
import { openLosslessImages, type LosslessImageOptions } from '../losslessImages';
import { measureCurves } from '../measuring';
import { outTarget, requireOther, writeOut } from '../outFiles';
import { note, percent, printAnswer, table } from '../output';
import { askFor, type CurveOptions, type RequestOptions } from '../planning';
import { timeLayersOfBudget } from '../timing';
import { Workspace } from '../workspace';

export interface LosslessOptions extends CommonOptions, RequestOptions, CurveOptions, LosslessImageOptions {
  readonly method: SelectionMethod;
  readonly settings: Partial<Settings>;
  /** Where the network that is found is written; null for nowhere. */
  readonly out: string | null;
}

/** Looks for the smallest plan without loss of accuracy, and says what it has found. */
export async function lossless(model: readonly string[], options: LosslessOptions): Promise<void> {
  const target = options.out === null ? null : outTarget(options.out);
  if (target) await requireOther(target, [...model, ...options.data]);
  await Workspace.with(model, options, async (workspace) => {
    askFor(workspace, options, { method: options.method.id, ...options.settings });
    await openLosslessImages(workspace, options);
    await timeLayersOfBudget(workspace);
    await workspace.factoriseIncluded();
    await drawCurves(workspace, options);
    const task = losslessTask(workspace.state)!;
    const unsubscribe = sayTrials(workspace, () => losslessNote(workspace.state, task));
    await workspace.perform(losslessJob, task);
    unsubscribe();
    const found = losslessNote(workspace.state, task)!;
    const answer = answerOf(workspace, found, task.level);
    const written = target && (await write(workspace, target, found));
    const said = { ...answer, ...(written ? { out: options.out, ...written } : {}) };
    printAnswer(options.json, said, () => answerText(said, losslessText(found, task.level)));
  });
}

/** Curves of the metric asked for: from a file, or measured now on the selection images. */
async function drawCurves(workspace: Workspace, options: LosslessOptions): Promise<void> {
  const { curves, metric } = options;
  if (curves !== null || !metric?.needs.images) return takeCurves(workspace, options);
  const { isRepairing } = workspace.state.document.settings;
  await measureCurves(workspace, metric, { ranks: null, exhaustive: false, isRefitted: isRepairing });
}

/** Says each trial as it ends. */
function sayTrials({ store }: Workspace, present: () => LosslessNote | null): () => void {
  let said = 0;
  return store.subscribe(() => {
    const trials = present()?.trials ?? [];
    for (const trial of trials.slice(said)) note(trialText(trial));
    said = Math.max(said, trials.length);
  });
}

function trialText({ target, seen, isLossless }: LosslessTrial): string {
  const { onlyOriginal, onlyPlan, images } = seen;
  return `${percent(target, 0)}: original alone right on ${onlyOriginal}, plan alone on ${onlyPlan} of ${images}: ${isLossless ? 'no loss' : 'loss'}`;
}

async function write(workspace: Workspace, target: ReturnType<typeof outTarget>, found: LosslessNote) {
  const recipe = recipeFound(workspace, found);
  const metadata = { 'enc.method': found.method, 'enc.recipe': recipeKey(recipe) };
  const { files } = await exported(workspace, target, recipe, metadata);
  return { bytes: await writeOut(target, files) };
}

/** The network that was found; the original where every smaller one lost. */
function recipeFound({ state }: Workspace, found: LosslessNote): Recipe {
  const trial = smallestTrial(found);
  return trial ? state.document.recipes[trial.recipe]! : original(state)!;
}

type Answer = ReturnType<typeof answerOf> & { readonly out?: string | null; readonly bytes?: number };

function answerOf(workspace: Workspace, found: LosslessNote, level: number) {
  const { state, backend } = workspace;
  const trial = smallestTrial(found);
  const recipe = recipeFound(workspace, found);
  const before = measurementOf(state, original(state));
  const after = measurementOf(state, recipe);
  return {
    ...{ method: found.method, level, target: trial?.target ?? null, achieved: trial?.achieved ?? 1 },
    trials: found.trials.map(({ target, achieved, seen, isLossless }) => ({
      ...{ target, achieved, ...seen, isLossless },
    })),
    before: before && accuracyOf(before, null),
    after: after && accuracyOf(after, before),
    confirmed: found.confirmed && confirmation(found.confirmed, level),
    ...{ backend: backend.backend, recipe: recipeKey(recipe), ranks: ranksOf(withoutSteps(recipe)) },
  };
}

function confirmation(seen: Discordance, level: number) {
  const chance = lossChance(seen);
  return { ...seen, chance, isLossless: chance >= level };
}

function answerText(answer: Answer, sentence: string): string {
  const rows = answer.trials.map(({ target, achieved, onlyOriginal, onlyPlan, images, isLossless }) => [
    ...[percent(target, 0), percent(achieved), onlyOriginal, onlyPlan, images],
    isLossless ? 'no loss' : 'loss',
  ]);
  const { before, after } = answer;
  const isLabelled = before?.top1 !== null && after?.top1 !== null;
  return [
    table([['target', 'of MACs', 'original alone', 'plan alone', 'images', ''], ...rows]),
    '',
    sentence,
    ...(before && after && isLabelled
      ? [
          `top-1 before ${percent(before.top1)}, after ${percent(after.top1)}, ${after.images} images, ${answer.backend}`,
        ]
      : []),
    ...(answer.out ? [`${answer.out}: ${answer.bytes} bytes`] : []),
  ].join('\n');
}
