import { methods } from '../../compression/methods';
import { recipeKey, type Recipe } from '../../compression/recipe';
import type { Failure, Outcome } from '../../network/failure';
import { exportKind, type ExportedNetwork } from '../../../workers/protocol/export';
import type { OfferedForm } from '../../../workers/protocol/summaries';
import type { ImageSelection } from '../../../workers/protocol/selection';
import type { Studio } from '../../../workers/protocol/studio';
import { distilNoteOf, finalRecipe, taskOfNote } from '../../project/distilling';
import type { DistilNote, RepairNote } from '../../project/document';
import { formatTarget } from '../../project/numbers';
import { comparedImages, imageParts, selectionOf } from '../../project/images';
import type { JobRunner } from '../../project/jobRunner';
import { distilling, repairing } from '../../project/kinds';
import { planText, type PlanFormat } from '../../project/planFiles';
import { shownCurves } from '../../project/planning';
import type { PlannedMethod } from '../../project/plans';
import { repairTaskOf, type RepairTask } from '../../project/repairs';
import type { Supervisor } from '../../project/supervisor';
import { handOver } from '../browser/handOver';
import type { StudioState } from '../store/state';
import type { StudioStore } from '../store/store';
import { storedForDownload } from './storing';

/** What a download needs of the studio. */
export interface Downloading {
  readonly store: StudioStore;
  readonly studio: Studio;
  readonly jobs: JobRunner;
  readonly supervisor: Supervisor;
}

/** What a person can do about files of networks. */
export interface DownloadActions {
  /** Writes a method's network in a format, checks it and hands it to the browser. */
  download(method: string, form: OfferedForm): void;
  /** Writes what a download waits to have repaired as it is. */
  downloadWithoutRepair(method: string): void;
}

/** Downloads, and the way out of waiting for a repair, per method. */
export function createDownloads(tools: Downloading): DownloadActions {
  const skips = new Map<string, AbortController>();
  return {
    download: (method, form) => {
      const skip = new AbortController();
      skips.set(method, skip);
      void download(tools, method, form, skip.signal);
    },
    downloadWithoutRepair: (method) => skips.get(method)?.abort(),
  };
}

/**
 * Writes a method's network, reads it back, compares it, and hands the file to the browser. It is the plan of the
 * moment it was asked for, whatever is chosen while its repair is waited for.
 *
 * @param skip aborted by a person who will not wait for the repair
 */
async function download(
  tools: Downloading,
  method: string,
  { id: format, ending }: OfferedForm,
  skip: AbortSignal,
): Promise<void> {
  const { store, studio, jobs, supervisor } = tools;
  const state = store.getState();
  const planned = state.completed?.plans[method];
  const { network } = state;
  if (!network || !planned) return;
  const task = repairTaskOf(state, method);
  const selection = comparisonSelection(state);
  const title = `Writing ${methods.get(method).label} at ${formatTarget(planned.plan.budget.share)}`;
  const setWaiting = (key: string | null) =>
    store.setState(({ waitingDownloads }) => {
      const others = Object.entries(waitingDownloads).filter(([other]) => other !== method);
      return { waitingDownloads: Object.fromEntries(key === null ? others : [...others, [method, key]]) };
    });
  if (task && !state.heldRepairs[task.key]) setWaiting(task.key);
  const outcome = await jobs.run({ kind: 'export', key: method }, title, async (signal, onProgress) => {
    const write = async (isMadeAgain: boolean) => {
      await supervisor.whenFactored();
      const repaired = task ? await repairedForDownload(tools, task, signal, skip, isMadeAgain) : none;
      setWaiting(null);
      if (!repaired.ok) return repaired;
      const made = repaired.value;
      const distilled = made ? await distilledForDownload(tools, planned, signal, isMadeAgain) : none;
      if (!distilled.ok) return distilled;
      const before = made?.note.isRepaired ? made.recipe : planned.recipe;
      const toWrite = await storedForDownload(
        studio,
        state,
        distilled.value?.recipe ?? before,
        signal,
        onProgress,
      );
      if (!toWrite.ok) return toWrite;
      const { recipe, stored } = toWrite.value;
      const metadata = metadataOf(planned, made, recipe, distilled.value !== null);
      const request = { recipe, format, isPacked: true, metadata, selection };
      const written = await studio.run(signal, exportKind, request, onProgress);
      return written.ok ? { ok: true as const, value: { ...written.value, stored } } : written;
    };
    const written = await write(false);
    // Threads keep the last repairs alone.
    const isForgotten = !written.ok && written.failure.code === 'step-unknown';
    return isForgotten ? write(true) : written;
  });
  setWaiting(null);
  if (!outcome.ok) return;
  const fileName = fileNameOf(network.title, planned, ending);
  save(outcome.value, fileName);
  const { comparison, stored } = outcome.value;
  const note = { recipe: recipeKey(planned.recipe), fileName, comparison, stored };
  store.setState((present) => ({ ...present, exports: { ...present.exports, [method]: note } }));
}

interface Repaired {
  readonly recipe: Recipe;
  readonly note: RepairNote;
}

/** Nothing to repair, or nobody waits for it. */
const none = { ok: true, value: null } as const;

/**
 * A plan as its repair makes it, repaired now where it was not; null where it is not to be repaired after all.
 *
 * @param isMadeAgain whether it is repaired though it was
 */
async function repairedForDownload(
  { store, supervisor }: Downloading,
  task: RepairTask,
  signal: AbortSignal,
  skip: AbortSignal,
  isMadeAgain: boolean,
): Promise<Outcome<Repaired | null>> {
  const repaired = (): Outcome<Repaired | null> | null => {
    const { document, heldRepairs } = store.getState();
    const note = heldRepairs[task.key] && document.repairs[task.key];
    return note ? { ok: true, value: { recipe: task.recipe, note } } : null;
  };
  const known = repaired();
  if (known && !isMadeAgain) return known;
  const letGo = AbortSignal.any([signal, skip]);
  const isLetGo = new Promise<null>((resolve) =>
    letGo.addEventListener('abort', () => resolve(null), { once: true }),
  );
  const outcome = await Promise.race([supervisor.ensure(repairing, task, letGo), isLetGo]);
  if (!outcome) return signal.aborted ? { ok: false, failure: cancelled } : none;
  if (outcome.ok) return repaired() ?? none;
  const { code } = outcome.failure;
  return code === 'cancelled' ? { ok: false, failure: repairCancelled(task) } : outcome;
}

/**
 * What distillation made of a plan behind its present repair, made known to the threads again after a reload; null where
 * it was not distilled, or came no closer.
 *
 * @param isMadeAgain whether the threads may have forgotten it
 */
async function distilledForDownload(
  { store, supervisor }: Downloading,
  { recipe }: PlannedMethod,
  signal: AbortSignal,
  isMadeAgain: boolean,
): Promise<Outcome<DistilNote | null>> {
  const state = store.getState();
  const note = distilNoteOf(state, recipe);
  if (!note || note.best === 0) return none;
  const task = taskOfNote(note);
  if (state.heldRepairs[task.key] && !isMadeAgain) return { ok: true, value: note };
  const outcome = await supervisor.ensure(distilling, task, signal);
  return outcome.ok ? { ok: true, value: note } : outcome;
}

const cancelled: Failure = { code: 'cancelled', message: 'Cancelled.' };

function repairCancelled({ method }: RepairTask): Failure {
  const { label } = methods.get(method);
  const message = `${label}: expected its plan repaired before it is written, found the repair cancelled; download it again, or switch repair off.`;
  return { code: 'cancelled', message };
}

/** What the file says about itself. */
function metadataOf(
  { plan }: PlannedMethod,
  repaired: Repaired | null,
  written: Recipe,
  isDistilled: boolean,
): Record<string, string> {
  return {
    'enc.method': plan.method,
    // As the command line says it: MACs go without saying.
    ...(plan.budget.cost === 'macs' ? {} : { 'enc.cost': plan.budget.cost }),
    'enc.target': String(plan.budget.share),
    'enc.achieved': String(plan.achieved),
    'enc.recipe': recipeKey(written),
    ...(repaired ? { 'enc.repaired': String(repaired.note.isRepaired) } : {}),
    ...(isDistilled ? { 'enc.distilled': 'true' } : {}),
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
  const recipe = finalRecipe(state, planned.recipe);
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
