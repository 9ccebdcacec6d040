import { recipeKey, type Recipe } from '../compression/recipe';
import type { NetworkSummary } from '../../workers/protocol/summaries';
import type { PlannedMethod } from './plans';

/** Forms in which a plan can be downloaded. */
export type PlanFormat = 'json' | 'csv';

interface PlanRow {
  readonly name: string;
  readonly kind: string;
  readonly factorisation: string;
  readonly rankMax: number;
  /** null for a layer that stays whole. */
  readonly rank: number | null;
  readonly macs: number;
  readonly originalMacs: number;
}

/**
 * A plan as a file: the ranks of every layer, what they cost, and the recipe that a download of it follows.
 * `enc compress --ranks` reads the JSON form.
 *
 * @param metric id of the metric that the curves were drawn by
 * @param recipe with the steps that follow the cut
 */
export function planText(
  format: PlanFormat,
  network: NetworkSummary,
  metric: string,
  planned: PlannedMethod,
  recipe: Recipe,
): string {
  const rows = planRows(network, planned);
  return format === 'csv' ? csvOf(rows) : jsonOf(network, metric, planned, recipe, rows);
}

function planRows({ layers }: NetworkSummary, { plan }: PlannedMethod): PlanRow[] {
  return layers.map(({ name, kind, factorisation, rankMax, macs, macsPerRank }) => {
    const rank = plan.ranks[name] ?? null;
    const cost = rank === null ? macs : rank * macsPerRank;
    return { name, kind, factorisation, rankMax, rank, macs: cost, originalMacs: macs };
  });
}

function jsonOf(
  network: NetworkSummary,
  metric: string,
  { plan, predicted }: PlannedMethod,
  recipe: Recipe,
  layers: readonly PlanRow[],
): string {
  const { method, achieved, ranks } = plan;
  const { share: target } = plan.budget;
  const { macs, parameters } = plan.costs;
  const { name, fingerprint } = network;
  const file = {
    network: { name, fingerprint, macs: network.macs, parameters: network.parameters },
    ...{ method, metric, target, achieved, macs, parameters, predicted, ranks, layers },
    key: recipeKey(recipe),
    recipe,
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

const columns = ['name', 'kind', 'factorisation', 'rankMax', 'rank', 'macs', 'originalMacs'] as const;

function csvOf(rows: readonly PlanRow[]): string {
  const lines = rows.map((row) => columns.map((column) => field(String(row[column] ?? 'whole'))).join(','));
  return `${[columns.join(','), ...lines].join('\r\n')}\r\n`;
}

/** RFC 4180: quoted where a separator, a quote or a line's end is in it. */
function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
