import { originalRecipe, recipeKey, type Recipe } from '../../src/compression/recipe';
import { fail, unwrap } from '../../src/network/failure';
import { factorText, formatMilliseconds, measuredOnText, speedUpText } from '../../src/project/latencyText';
import { foretoldTime, timeTableOf } from '../../src/project/layerTimes';
import { latencyKind, runtimes, type LatencyReport, type RuntimeId } from '../../workers/protocol/latency';
import { choose, type ChoiceOptions } from '../choosing';
import type { CommonOptions } from '../commonOptions';
import { parseCount } from '../inputs';
import { percent, printAnswer, progressLine, table } from '../output';
import { readPlanFile, requireOwn } from '../planFile';
import { askFor } from '../planning';
import { timeLayers } from '../timing';
import { macsShare, Workspace } from '../workspace';

export interface LatencyOptions extends CommonOptions, ChoiceOptions {
  /** A JSON file of ranks, or a plan that the studio wrote, instead of a target. */
  readonly ranks: string | null;
  readonly runtime: RuntimeId;
  readonly batches: readonly (number | 'evaluation')[];
  readonly rounds: number;
  /** Whether every layer is timed by itself, too. */
  readonly layers: boolean;
}

/** Times a plan's network beside the original. */
export async function latency(model: readonly string[], options: LatencyOptions): Promise<void> {
  const file = options.ranks === null ? null : await readPlanFile(options.ranks);
  await Workspace.with(model, options, async (workspace) => {
    if (file) requireOwn(workspace, file, options.ranks!);
    askFor(workspace, options);
    const { cut, method, cost, target } = await choose(workspace, options, file);
    const recipes = [originalRecipe(workspace.network.fingerprint), cut];
    const { runtime, batches, rounds } = options;
    const task = { recipes, runtime, batches, rounds };
    if (options.layers) await timeLayers(workspace);
    const report = unwrap(await workspace.studio.run(workspace.signal, latencyKind, task, progressLine()));
    const answer = {
      ...{
        method,
        cost,
        target,
        achieved: macsShare(workspace.network, cut),
        recipe: recipeKey(cut),
        rounds,
      },
      ...printedReport(report),
      ...foretold(workspace, cut),
    };
    printAnswer(options.json, answer, () =>
      [...layersText(answer), latencyText(report, rounds, answer.achieved), ...foretoldText(answer)].join(
        '\n',
      ),
    );
  });
}

/** Times in milliseconds per run of a batch. */
function printedReport({ runtime, threads, batches }: LatencyReport) {
  const printed = batches.map(({ batchSize, timings: [original, plan] }) => ({
    batchSize,
    original: original!.time,
    plan: plan!.time,
    speedUp: plan!.speedUp,
  }));
  return { runtime, threads, batches: printed };
}

/** What the layers' times foretell, where they were measured: times of one image in the studio's own engine. */
function foretold({ state, network }: Workspace, recipe: Recipe) {
  const table = timeTableOf(state);
  if (!table) return {};
  const time = foretoldTime(table, network.layers, recipe);
  return {
    layers: table.layers,
    foretold: { original: table.total, plan: time, speedUp: table.total / time },
  };
}

type Foretold = Partial<Exclude<ReturnType<typeof foretold>, Record<string, never>>>;

function layersText({ layers }: Foretold): readonly string[] {
  if (!layers) return [];
  const isTimedTwice = (name: string) => layers.filter(({ layer }) => layer === name).length > 1;
  const rows = layers.map(({ layer, factorisation, whole, ranks, times }) => [
    isTimedTwice(layer) ? `${layer}, ${factorisation}` : layer,
    formatMilliseconds(whole),
    times.map((time, index) => `${formatMilliseconds(time)} at ${ranks[index]}`).join(', '),
  ]);
  return [table([['layer', 'whole', 'cut to a rank'], ...rows]), ''];
}

/** How far what the layers' times foretell is from what was measured on one image. */
function foretoldText(answer: Foretold & ReturnType<typeof printedReport>): readonly string[] {
  const { foretold: own, batches } = answer;
  if (!own) return [];
  const single = batches.find(({ batchSize }) => batchSize === 1);
  const said = `The layers' times foretell ${factorText(own.speedUp)} on one image`;
  const measured = single && single.speedUp.median / own.speedUp - 1;
  return [
    measured === undefined
      ? `${said}.`
      : `${said}; measured ${factorText(single!.speedUp.median)}, ${percent(Math.abs(measured))} ${measured < 0 ? 'less' : 'more'}.`,
  ];
}

function latencyText(report: LatencyReport, rounds: number, achieved: number): string {
  const { batches } = report;
  const rows = batches.map(({ batchSize, timings: [original, plan] }) => [
    batchSize,
    ...[original!, plan!].flatMap(({ time }) => [
      formatMilliseconds(time.median),
      `${formatMilliseconds(time.lowerQuartile)} to ${formatMilliseconds(time.upperQuartile)}`,
    ]),
    speedUpText(plan!.speedUp),
    `${factorText(plan!.speedUp.lowerQuartile)} to ${factorText(plan!.speedUp.upperQuartile)}`,
  ]);
  const spread = 'half of the runs';
  return [
    table([['images', 'original', spread, 'plan', spread, 'plan is', 'half of the rounds'], ...rows]),
    '',
    `${percent(achieved)} of MACs; ${rounds} rounds in turns, wall time (${measuredOnText(report)})`,
  ].join('\n');
}

/** @throws FailureError `invalid-request` for a name that is no runtime's */
export function parseRuntime(text: string): RuntimeId {
  return (
    runtimes.find((id) => id === text) ??
    fail(
      'invalid-request',
      `--runtime: expected ${runtimes.join(' or ')}, found "${text}"; choose one of these.`,
    )
  );
}

/** Images per run, with commas; `auto` is as many as accuracy is measured with at a time. */
export function parseBatches(text: string): readonly (number | 'evaluation')[] {
  return text.split(',').map((part) => (part.trim() === 'auto' ? 'evaluation' : parseCount('--batch', part)));
}
