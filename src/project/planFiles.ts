import * as v from 'valibot';
import { ranksOf, recipeKey, type Recipe } from '../compression/recipe';
import { fail } from '../network/failure';
import type { Ranks } from '../network/layers';
import { recipeSchema } from './documentText';
import type { NetworkSummary } from '../../workers/protocol/summaries';
import type { PlannedMethod } from './plans';
import { parseShallowJson } from '../network/shallowJson';
import { recordOf } from './schemas';
import { ownValue } from '../network/ownValue';

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
    const rank = ownValue(plan.ranks, name) ?? null;
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
  const { cost, share: target } = plan.budget;
  const { macs, parameters } = plan.costs;
  const { name, fingerprint } = network;
  const file = {
    network: { name, fingerprint, macs: network.macs, parameters: network.parameters },
    ...{ method, metric, cost, target, achieved, macs, parameters, predicted, ranks, layers },
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

/**
 * RFC 4180: quoted where a separator, a quote or a line's end is in it. What a spreadsheet would compute, because it
 * begins as a formula does, gets an apostrophe in front and is taken as text.
 */
function field(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** What a file says of a compressed network. */
export interface PlanFile {
  /** Of the layers that it names; null keeps one whole. */
  readonly ranks: Ranks;
  /** The whole statement, where the file holds one: its layers and its steps. */
  readonly recipe: Recipe | null;
}

const rankSchema = v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(1)));
const ranksSchema = recordOf(rankSchema);
const planSchema = v.looseObject({
  ranks: ranksSchema,
  key: v.optional(v.string()),
  recipe: v.optional(recipeSchema),
});

/**
 * Reads the JSON form of a plan, or an object from layer name to rank.
 *
 * @param name of the file, for the sentence
 * @throws FailureError `unreadable-file` where it is neither, or its key names another recipe
 */
export function readPlan(text: string, name: string): PlanFile {
  const file = parseJson(text, name);
  const ranks = v.safeParse(ranksSchema, file);
  if (ranks.success && !Array.isArray(file)) return { ranks: ranks.output, recipe: null };
  const plan = v.safeParse(planSchema, file);
  if (!plan.success)
    return fail(
      'unreadable-file',
      `${name}: expected an object from layer name to a whole rank or null, or a plan that the studio wrote, found something else; write the plan again.`,
    );
  const { recipe = null, key, ranks: listed } = plan.output;
  if (recipe && recipeKey(recipe) !== key)
    fail(
      'unreadable-file',
      `${name}: expected the recipe that its key ${key ?? '(none)'} names, found another; the file was changed by hand.`,
    );
  return { ranks: recipe ? ranksOf(recipe) : listed, recipe };
}

function parseJson(text: string, name: string): unknown {
  try {
    return parseShallowJson(text);
  } catch (error) {
    const found = error instanceof Error ? error.message : 'other text';
    return fail('unreadable-file', `${name}: expected JSON, found ${found}; write the file again.`);
  }
}
