import { readFile, writeFile } from 'node:fs/promises';
import type { Metric } from '../../src/enc/curve';
import { ranksKey } from '../../src/enc/plan';
import type { BackendRequest } from '../../src/engine/backend';
import { fail } from '../../src/network/failure';
import type { Ranks } from '../../src/network/layers';
import { chosenCurves } from '../curvesFile';
import { note, percent, printAnswer } from '../output';
import { planFor, problemOf, type CurveOptions, type LayerOptions, type MethodName } from '../planning';
import { Workspace, type ImageOptions } from '../workspace';

export interface CompressOptions extends LayerOptions, CurveOptions, Omit<ImageOptions, 'data'> {
  readonly json: boolean;
  readonly backend: BackendRequest;
  readonly out: string;
  readonly data: readonly string[] | null;
  readonly target: number | null;
  readonly method: MethodName;
  /** A JSON file from layer name to rank, instead of a target. */
  readonly ranks: string | null;
}

/** Writes the smaller network, and with images measures it before and after. */
export async function compress(model: readonly string[], options: CompressOptions): Promise<void> {
  await Workspace.with(model, options.backend, async (workspace) => {
    const images = options.data && (await workspace.openImages({ ...options, data: options.data }));
    const chosen = await chooseRanks(workspace, options);
    const exported = await workspace.export(chosen.ranks, metadataOf(chosen), images);
    await writeFile(options.out, exported.files[0]!.bytes);
    const original = images && (await workspace.answers(images, {}));
    const changed = images && (await workspace.answers(images, chosen.ranks));
    const before = images && original && workspace.accuracy(images, original, null);
    const after = images && changed && workspace.accuracy(images, changed, original);
    const answer = {
      method: chosen.method,
      metric: chosen.metric,
      target: chosen.target,
      achieved: exported.macs / workspace.network.macs,
      macs: exported.macs,
      parameters: exported.parameters,
      parametersShare: exported.parameters / workspace.network.parameters,
      out: options.out,
      bytes: exported.files[0]!.bytes.byteLength,
      comparison: exported.comparison,
      before,
      after,
      backend: workspace.backend.backend,
      ranks: chosen.ranks,
    };
    printAnswer(options.json, answer, () =>
      [
        `${options.out}: ${percent(answer.achieved, 2)} of MACs, ${percent(answer.parametersShare)} of parameters, ${answer.bytes} bytes`,
        `read back and compared on ${exported.comparison.images} images: largest difference ${exported.comparison.largestDifference.toExponential(1)}`,
        ...(isNumber(before?.top1) && isNumber(after?.top1)
          ? [
              `top-1 before ${percent(before.top1)}, after ${percent(after.top1)}, ${after.images} images, ${answer.backend}`,
            ]
          : []),
        ...(isNumber(after?.agreement) ? [`same answer as the original: ${percent(after.agreement)}`] : []),
      ].join('\n'),
    );
  });
}

interface Chosen {
  readonly ranks: Ranks;
  readonly method: string;
  /** What the curves were drawn by; null where ranks were given. */
  readonly metric: Metric | null;
  readonly target: number | null;
  readonly achieved: number | null;
}

async function chooseRanks(workspace: Workspace, options: CompressOptions): Promise<Chosen> {
  if (options.ranks !== null) {
    const ranks = await readRanks(options.ranks);
    const cut = Object.keys(ranks).filter((layer) => ranks[layer] !== null);
    await workspace.factorise(cut.map((layer) => workspace.layer(layer)));
    return { ranks, method: 'ranks', metric: null, target: null, achieved: null };
  }
  if (options.target === null) fail('invalid-request', 'Expected --target or --ranks, found neither.');
  const problem = problemOf(workspace.network, options);
  const energy = await workspace.factorise(problem.layers.map(({ name }) => workspace.layer(name)));
  const { metric, curves } = await chosenCurves(workspace.network, options, energy);
  const plan = planFor(options.method, options.target, problem, curves, metric);
  if (!plan.reached) {
    note(
      `The target ${percent(plan.target)} cannot be reached: rank 1 everywhere costs ${percent(plan.achieved)}.`,
    );
  }
  return { ...plan, metric };
}

async function readRanks(path: string): Promise<Ranks> {
  const text = await readFile(path, 'utf8').catch(() =>
    fail('unreadable-file', `${path}: expected a JSON file, found none.`),
  );
  const parsed = parseJson(path, text);
  const isMap = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  if (!isMap || !Object.values(parsed).every((rank) => rank === null || Number.isInteger(rank))) {
    return fail('unreadable-file', `${path}: expected an object from layer name to a whole rank or null.`);
  }
  return parsed as Ranks;
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    return fail(
      'unreadable-file',
      `${path}: expected JSON, found ${error instanceof Error ? error.message : 'other text'}.`,
    );
  }
}

/** What the written file says of itself. */
function metadataOf({ ranks, method, metric, target, achieved }: Chosen): Record<string, string> {
  return {
    'enc.method': method,
    ...(metric === null ? {} : { 'enc.metric': metric }),
    ...(target === null ? {} : { 'enc.target': String(target) }),
    ...(achieved === null ? {} : { 'enc.achieved': String(achieved) }),
    'enc.ranks': ranksKey(ranks),
  };
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number';
}
