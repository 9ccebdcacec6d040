import { methods } from '../../compression/methods';
import { recipeKey, withoutSteps, type Recipe } from '../../compression/recipe';
import type { Outcome } from '../../network/failure';
import { exportKind, type ExportedNetwork } from '../../../workers/protocol/export';
import type { OfferedForm } from '../../../workers/protocol/summaries';
import type { ImageSelection } from '../../../workers/protocol/selection';
import type { Studio } from '../../../workers/protocol/studio';
import type { RepairNote } from '../../project/document';
import { comparedImages, imageParts, selectionOf } from '../../project/images';
import type { JobRunner } from '../../project/jobRunner';
import { repairing } from '../../project/kinds';
import { repairedRecipe } from '../../project/measurements';
import { planText, type PlanFormat } from '../../project/planFiles';
import { shownCurves } from '../../project/planning';
import type { PlannedMethod } from '../../project/plans';
import { repairTaskOf } from '../../project/repairs';
import type { ProjectState } from '../../project/state';
import type { Supervisor } from '../../project/supervisor';
import type { StudioState } from '../store/state';
import type { StudioStore } from '../store/store';

/** Writes a method's network, reads it back, compares it, and hands the file to the browser. */
export async function download(
  store: StudioStore,
  studio: Studio,
  jobs: JobRunner,
  supervisor: Supervisor,
  method: string,
  { id: format, ending }: OfferedForm,
): Promise<void> {
  const state = store.getState();
  const planned = state.completed?.plans[method];
  if (!state.network || !planned) return;
  const repaired = await repairedForDownload(store, supervisor, method);
  if (!repaired.ok) return;
  const made = repaired.value;
  const request = {
    recipe: made?.note.isRepaired ? made.recipe : planned.recipe,
    format,
    isPacked: true,
    metadata: metadataOf(planned, made),
    selection: comparisonSelection(state),
  };
  const title = `Writing ${methods.get(method).label}`;
  const outcome = await jobs.run({ kind: 'export', key: method }, title, (signal, onProgress) =>
    studio.run(signal, exportKind, request, onProgress),
  );
  if (!outcome.ok) return;
  const fileName = fileNameOf(state.network.title, planned, ending);
  save(outcome.value, fileName);
  const note = { recipe: recipeKey(planned.recipe), fileName, comparison: outcome.value.comparison };
  store.setState((present) => ({ ...present, exports: { ...present.exports, [method]: note } }));
}

interface Repaired {
  readonly recipe: Recipe;
  readonly note: RepairNote;
}

/** The method's plan as the present repair makes it, repaired now where it was not; null where it is not repaired. */
async function repairedForDownload(
  store: StudioStore,
  supervisor: Supervisor,
  method: string,
): Promise<Outcome<Repaired | null>> {
  const task = repairTaskOf(store.getState(), method);
  if (!task) return { ok: true, value: null };
  const noteOf = ({ document }: ProjectState) => document.repairs[task.key];
  if (!noteOf(store.getState())) {
    const outcome = await supervisor.ensure(repairing, task);
    if (!outcome.ok) return outcome;
  }
  const note = noteOf(store.getState());
  return { ok: true, value: note ? { recipe: task.recipe, note } : null };
}

/** What the file says about itself. */
function metadataOf({ plan, recipe }: PlannedMethod, repaired: Repaired | null): Record<string, string> {
  return {
    'enc.method': plan.method,
    'enc.target': String(plan.budget.share),
    'enc.achieved': String(plan.achieved),
    'enc.recipe': recipeKey(repaired?.note.isRepaired ? repaired.recipe : withoutSteps(recipe)),
    ...(repaired ? { 'enc.repaired': String(repaired.note.isRepaired) } : {}),
  };
}

function comparisonSelection(state: StudioState): ImageSelection | null {
  const report = imageParts(state)?.report;
  if (!report) return null;
  const selection = selectionOf(report);
  return { ...selection, indices: selection.indices.slice(0, comparedImages) };
}

/** "res56-map-0.5.onnx" */
function fileNameOf(title: string, { plan }: PlannedMethod, ending: string): string {
  return `${title}-${plan.method}-${Number(plan.budget.share.toFixed(4))}${ending}`;
}

/** Hands a method's plan to the browser: ranks and costs of every layer. */
export function downloadPlan(state: StudioState, method: string, format: PlanFormat): void {
  const planned = state.completed?.plans[method];
  const shown = shownCurves(state);
  const { network } = state;
  if (!network || !planned || !shown) return;
  const recipe = repairedRecipe(state, planned.recipe) ?? planned.recipe;
  const text = planText(format, network.summary, shown.metric, planned, recipe);
  const blob = new Blob([text], { type: format === 'json' ? 'application/json' : 'text/csv' });
  handOver(blob, fileNameOf(network.title, planned, `-plan.${format}`));
}

function save(exported: ExportedNetwork, fileName: string): void {
  const [file] = exported.files;
  if (!file) return;
  // A copy in a plain ArrayBuffer: the bytes may lie in shared memory, which a Blob refuses.
  handOver(new Blob([file.bytes.slice()], { type: 'application/octet-stream' }), fileName);
}

/** Hands a file to the browser. */
export function handOver(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser reads the blob after this task; a minute is ample.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
