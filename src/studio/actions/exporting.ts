import type { Method } from '../../enc/plan';
import { exportKind, type ExportedNetwork } from '../../../workers/protocol/export';
import type { ImageSelection } from '../../../workers/protocol/selection';
import type { Studio } from '../../../workers/protocol/studio';
import type { ExportFormat } from '../model/exportFormats';
import { lookOf } from '../model/methods';
import { planText, type PlanFormat } from '../model/planning/planFiles';
import type { PlannedMethod } from '../model/planning/planner';
import { inputPreprocessing, reportIndices } from '../store/selectors';
import type { StudioState } from '../store/state';
import type { StudioStore } from '../store/store';
import type { JobRunner } from './jobRunner';
import type { Repairing } from './repairing';
import { recipeOf } from '../model/recipes';

/** Images that a written file is compared on before it is offered. */
const comparedImages = 64;

/** Writes a method's network, reads it back, compares it, and hands the file to the browser. */
export async function download(
  store: StudioStore,
  studio: Studio,
  jobs: JobRunner,
  method: Method,
  { format, ending }: ExportFormat,
  repairing: Repairing,
): Promise<void> {
  const state = store.getState();
  const planned = state.completed?.plans[method];
  if (!state.network || !planned) return;
  const repair = await repairing.ensure(method);
  if (repair === 'stopped') return;
  const request = {
    recipe: repair?.isRepaired ? repair.recipe : recipeOf(state.network.summary, planned.plan.ranks),
    format,
    isPacked: true,
    metadata: { ...metadataOf(planned), ...(repair ? { 'enc.repaired': String(repair.isRepaired) } : {}) },
    selection: comparisonSelection(state),
  };
  const title = `Writing ${lookOf(method).name}`;
  const outcome = await jobs.run(`export:${method}`, title, (signal, onProgress) =>
    studio.run(signal, exportKind, request, onProgress),
  );
  if (!outcome.ok) return;
  const fileName = fileNameOf(state.network.title, planned, ending);
  save(outcome.value, fileName);
  const note = { ranks: planned.key, fileName, comparison: outcome.value.comparison };
  store.setState((present) => ({ ...present, exports: { ...present.exports, [method]: note } }));
}

/** What the file says about itself. */
function metadataOf({ plan, key }: PlannedMethod): Record<string, string> {
  return {
    'enc.method': plan.method,
    'enc.target': String(plan.budget.share),
    'enc.achieved': String(plan.achieved),
    'enc.ranks': key,
  };
}

function comparisonSelection(state: StudioState): ImageSelection | null {
  if (!state.images) return null;
  const indices = reportIndices(state).slice(0, comparedImages);
  return { images: state.images.fingerprint, indices, preprocessing: inputPreprocessing(state) };
}

/** "res56-map-0.5.onnx" */
function fileNameOf(title: string, { plan }: PlannedMethod, ending: string): string {
  return `${title}-${plan.method}-${Number(plan.budget.share.toFixed(4))}${ending}`;
}

/** Hands a method's plan to the browser: ranks and costs of every layer. */
export function downloadPlan(state: StudioState, method: Method, format: PlanFormat): void {
  const planned = state.completed?.plans[method];
  const { network } = state;
  if (!network || !planned) return;
  const text = planText(format, network.summary, network.shown.metric, planned);
  const blob = new Blob([text], { type: format === 'json' ? 'application/json' : 'text/csv' });
  handOver(blob, fileNameOf(network.title, planned, `-plan.${format}`));
}

function save(exported: ExportedNetwork, fileName: string): void {
  const [file] = exported.files;
  if (!file) return;
  // A copy in a plain ArrayBuffer: the bytes may lie in shared memory, which a Blob refuses.
  handOver(new Blob([file.bytes.slice()], { type: 'application/octet-stream' }), fileName);
}

function handOver(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser reads the blob after this task; a minute is ample.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
