import { ranksOf, recipeKey, type Recipe } from '../../src/compression/recipe';
import { distil } from '../../src/compression/steps/distil';
import { repair } from '../../src/compression/steps/repair';
import { original } from '../../src/project/measurements';
import type { RepairNote } from '../../src/project/document';
import type { Settings } from '../../src/project/settings';
import type { ProjectState } from '../../src/project/state';
import { chosenStorage, presentStorage } from '../../src/project/storage';
import { withSettings } from '../../src/project/transitions';
import type { DistilReport } from '../../workers/protocol/distil';
import type { ExportedNetwork } from '../../workers/protocol/export';
import { accuracyOf, type Accuracy } from '../accuracy';
import { distilText } from '../distilling';
import { choose, metadataOf, type ChoiceOptions, type Chosen } from '../choosing';
import { exported } from '../exporting';
import { writerOf } from '../../src/formats/models';
import { requireStorage } from '../../src/formats/models/writer';
import { outTarget, writeOut, requireOther, type OutTarget } from '../outFiles';
import { percent, printAnswer } from '../output';
import { askFor } from '../planning';
import { readPlanFile, requireOwn } from '../planFile';
import { standingsText } from '../racing';
import { openCompressImages, stepped, type CompressImageOptions, type Stored } from '../repairing';
import type { CommonOptions } from '../commonOptions';
import { Workspace } from '../workspace';

export interface CompressOptions extends CommonOptions, ChoiceOptions, CompressImageOptions {
  readonly out: string;
  /** A JSON file of ranks, or a plan that the studio wrote, instead of a target. */
  readonly ranks: string | null;
  readonly storage: Partial<Settings>;
}

/** Writes the smaller network, and with images measures it before and after. */
export async function compress(model: readonly string[], options: CompressOptions): Promise<void> {
  const target = outTarget(options.out);
  await requireOther(target, [...model, ...(options.data ?? []), ...(options.ranks ? [options.ranks] : [])]);
  const file = options.ranks === null ? null : await readPlanFile(options.ranks);
  await Workspace.with(model, options, async (workspace) => {
    if (file) requireOwn(workspace, file, options.ranks!);
    askFor(workspace, options, { isRepairing: options.repair !== null, ...options.storage });
    workspace.update((state) => withSettings(state, ownStorage(target, state, options)));
    requireHeld(target, workspace);
    await openCompressImages(workspace, options, file?.recipe ?? null, options.ranks);
    const chosen = await choose(workspace, options, file);
    const { recipe, stored, distilled } = await stepped(workspace, chosen, options.distil);
    const note = noteOf(workspace, recipe);
    const written = await exported(
      workspace,
      target,
      recipe,
      metadataOf(chosen, recipe, { note, distilled }),
    );
    const bytes = await writeOut(target, written.files);
    const measured = options.data ? await measureAll(workspace, chosen, recipe, note) : nothingMeasured;
    const done = { chosen, recipe, note, distilled, stored, written, bytes, measured };
    const answer = answerOf(workspace, options.out, done);
    printAnswer(options.json, answer, () => compressText(answer));
  });
}

/** What nobody asked for and the network's own files suggest holds only where the format and the images allow it. */
function ownStorage({ format }: OutTarget, state: ProjectState, options: CompressOptions): Partial<Settings> {
  const { settings } = state.document;
  const chosen = chosenStorage(state);
  const { weights = [], holdsLevels = false, holdsDynamic = false } = writerOf(format);
  const isHeld = chosen.weights === 'float32' || weights.includes(chosen.weights);
  const hasRanges = (options.data ?? options.calibration) !== null;
  const isRounded = isHeld && (chosen.activations === 'dynamic' ? holdsDynamic : holdsLevels && hasRanges);
  return {
    ...(settings.weights === 'auto' && !isHeld ? { weights: 'float32' } : {}),
    ...(settings.activations === 'auto' && !isRounded ? { activations: 'float32' } : {}),
  };
}

/** Requires before anything takes long that the format holds what was asked for. */
function requireHeld({ format }: OutTarget, { state }: Workspace): void {
  const storage = presentStorage(state);
  if (storage) requireStorage(writerOf(format), storage);
}

/** What repair said of itself, whatever steps came after it. */
function noteOf({ state }: Workspace, recipe: Recipe): RepairNote | null {
  const count = 1 + recipe.steps.findLastIndex(({ kind }) => kind === repair.id);
  return state.document.repairs[recipeKey({ ...recipe, steps: recipe.steps.slice(0, count) })] ?? null;
}

interface Measured {
  readonly before: Accuracy | null;
  readonly withoutRepair: Accuracy | null;
  readonly withoutDistil: Accuracy | null;
  readonly after: Accuracy | null;
}

const nothingMeasured: Measured = { before: null, withoutRepair: null, withoutDistil: null, after: null };

async function measureAll(
  workspace: Workspace,
  { cut, method }: Chosen,
  recipe: Recipe,
  repaired: RepairNote | null,
): Promise<Measured> {
  const before = await workspace.measure(original(workspace.state)!);
  const truncated = repaired ? await workspace.measure(cut, [method]) : null;
  const at = recipe.steps.findIndex(({ kind }) => kind === distil.id);
  const undistilled = at < 0 ? null : { ...recipe, steps: recipe.steps.slice(0, at) };
  const former = undistilled && (await workspace.measure(undistilled, [method]));
  const after = await workspace.measure(recipe, [method]);
  return {
    before: accuracyOf(before, null),
    withoutRepair: truncated && accuracyOf(truncated, before),
    withoutDistil: former && accuracyOf(former, before),
    after: accuracyOf(after, before),
  };
}

interface Done {
  readonly chosen: Chosen;
  readonly recipe: Recipe;
  readonly note: RepairNote | null;
  readonly distilled: DistilReport | null;
  readonly stored: Stored | null;
  readonly written: ExportedNetwork;
  readonly bytes: number;
  readonly measured: Measured;
}

type Answer = ReturnType<typeof answerOf>;

function answerOf(
  { network, backend }: Workspace,
  out: string,
  { chosen, recipe, note, distilled, stored, written, bytes, measured }: Done,
) {
  const { method, metric, target, standings } = chosen;
  const { before, withoutRepair, after } = measured;
  return {
    ...{ method, metric, target },
    achieved: written.macs / network.macs,
    macs: written.macs,
    parameters: written.parameters,
    parametersShare: written.parameters / network.parameters,
    ...{ out, bytes, comparison: written.comparison, before },
    ...(note ? { repair: printedRepair(note), withoutRepair } : {}),
    ...(distilled ? { distil: distilled, withoutDistil: measured.withoutDistil } : {}),
    ...(stored ? { storage: stored } : {}),
    after,
    backend: backend.backend,
    recipe: recipeKey(recipe),
    ranks: chosen.ranks ?? ranksOf(recipe),
    ...(standings ? { standings } : {}),
  };
}

function printedRepair({ calibrationImages, isRepaired, divergence }: RepairNote) {
  return { calibrationImages, isRepaired, divergence };
}

function compressText(answer: Answer): string {
  const { standings, before, after, withoutRepair } = answer;
  return [
    ...(standings ? [standingsText(standings), ''] : []),
    `${answer.out}: ${percent(answer.achieved, 2)} of MACs, ${percent(answer.parametersShare)} of parameters, ${answer.bytes} bytes`,
    ...(answer.distil ? [distilText(answer.distil)] : []),
    ...(answer.storage ? [storageText(answer.storage)] : []),
    ...comparisonTexts(answer.comparison),
    ...(isNumber(before?.top1) && isNumber(after?.top1)
      ? [
          `top-1 before ${percent(before.top1)}, after ${percent(after.top1)}, ${after.images} images, ${answer.backend}`,
        ]
      : []),
    ...(isNumber(withoutRepair?.top1)
      ? [`with repair; without it top-1 would be ${percent(withoutRepair.top1)}`]
      : []),
    ...(isNumber(answer.withoutDistil?.top1)
      ? [`distilled; without that top-1 would be ${percent(answer.withoutDistil.top1)}`]
      : []),
    ...(isNumber(after?.agreement) ? [`same answer as the original: ${percent(after.agreement)}`] : []),
  ].join('\n');
}

function storageText({ weights, activations, rounding, range, divergence }: Stored): string {
  const ways = [
    ...(rounding ? [`weights rounded ${roundingWords[rounding]}`] : []),
    ...(range ? [`values' ranges by ${range}`] : []),
    ...(divergence === null ? [] : [`${divergence.toExponential(1)} nats from float32 on held-back images`]),
  ];
  return [`${weights} weights, ${activations} activations`, ...ways].join('; ');
}

const roundingWords: Readonly<Record<NonNullable<Stored['rounding']>, string>> = {
  nearest: 'each by itself',
  centred: 'each by itself, biases keeping the mean answers',
  together: 'together, biases keeping the mean answers',
};

function comparisonTexts(comparison: ExportedNetwork['comparison']): string[] {
  const { images, largestDifference, largestScore, runtime } = comparison;
  const own = `read back and compared on ${images} images: largest difference ${largestDifference.toExponential(1)} of scores up to ${largestScore.toPrecision(2)}`;
  if (runtime === null) return [own];
  return 'refusal' in runtime
    ? [own, `${runtime.name} could not run it: ${runtime.refusal}`]
    : [
        own,
        `run by ${runtime.name} on ${runtime.images} images: largest difference ${runtime.largestDifference.toExponential(1)}`,
      ];
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number';
}
