import { ranksOf, type Recipe } from '../../compression/recipe';
import { methods } from '../../compression/methods';
import { arithmeticVersion } from '../../enc/sweep/arithmetic';
import { assumed } from '../assumptions';
import { bestPlan } from '../best';
import { bestText } from '../bestText';
import { costNoun } from '../costText';
import { distilledMeasurement, distilNoteOf, distilText } from '../distilling';
import type { DistilNote } from '../document';
import { figurePoints } from '../figurePoints';
import { imageParts } from '../images';
import { latencyOf } from '../latencies';
import { decisionOf, decisionText } from '../layerDecisions';
import { measuredOnText, speedUpText } from '../latencyText';
import { countAgreement, type Measurement } from '../measurement';
import {
  accuracyOf,
  measurementOf,
  originalMeasurement,
  presentRepair,
  repairedMeasurement,
} from '../measurements';
import {
  formatBytes,
  formatCount,
  formatHalfWidth,
  formatInteger,
  formatPercent,
  formatTarget,
} from '../numbers';
import { shownCurves } from '../planning';
import type { PlannedMethod } from '../plans';
import { describePreprocessing } from '../preprocessing';
import type { Settings } from '../settings';
import type { ProjectState } from '../state';
import { holdingTexts } from '../storageForms';
import type { Block, Report } from './blocks';
import { distillingCommand, reproducingCommand, type GivenWords } from './command';
import { accuracySvg, ranksSvg } from './figures';
import { ownValue } from '../../network/ownValue';

/** What a report says beside what the project knows. */
export interface ReportContext {
  /** Of the studio. */
  readonly version: string;
  readonly madeAt: Date;
  /** By which words a command line finds the files; null takes the names that they were opened by. */
  readonly given: GivenWords | null;
}

/**
 * What a project has found, for somebody who was not there: network, images, settings, every method's plan with what
 * was measured of it, the chosen method's ranks, and how to get all of it again. Null before a network is open and
 * the methods have plans.
 */
export function reportOf(state: ProjectState, context: ReportContext): Report | null {
  const { network, completed, document } = state;
  if (!network || !completed) return null;
  const { summary, title } = network;
  const chosen = completed.plans[document.settings.method];
  return {
    title: `${title}, compressed to ${formatTarget(completed.target)} of ${costNoun(document.settings.cost)}`,
    blocks: [
      { kind: 'text', text: summaryText(state) },
      { kind: 'heading', text: 'Network' },
      {
        kind: 'facts',
        rows: [
          ['Name', title],
          ['Format', summary.formatTitle],
          ['MACs', formatCount(summary.macs)],
          ['Parameters', formatCount(summary.parameters)],
          ['File', [formatBytes(summary.bytes), ...holdingTexts(summary.holding)].join(', ')],
          ['Fingerprint', summary.fingerprint],
        ],
      },
      ...imageBlocks(state),
      { kind: 'heading', text: 'Methods' },
      methodTable(state),
      ...distilledPlans(state).map(({ note }): Block => ({ kind: 'text', text: distilText(note) })),
      ...accuracyFigure(state),
      ...(chosen ? chosenBlocks(state, chosen) : []),
      { kind: 'heading', text: 'How to get this again' },
      { kind: 'command', text: reproducingCommand(state, context.given) },
      ...distilBlocks(state, context.given),
      { kind: 'facts', rows: originRows(state, context) },
    ],
  };
}

function summaryText(state: ProjectState): string {
  const best = bestPlan(state);
  return best
    ? bestText(best)
    : 'Fewer than two plans were measured at this target, so none is named the best.';
}

function imageBlocks(state: ProjectState): Block[] {
  const parts = imageParts(state);
  const { images, document } = state;
  if (!parts || !images) return [{ kind: 'text', text: 'No images were open: nothing was measured.' }];
  const { settings } = document;
  return [
    { kind: 'heading', text: 'Images and settings' },
    {
      kind: 'facts',
      rows: [
        ['Images', `${images.name}, ${formatInteger(images.count)} of ${images.height}×${images.width}`],
        ['Labels', images.labels ? 'yes' : 'none: accuracy is agreement with the original'],
        ['Reported on', `${formatInteger(parts.report.indices.length)} images`],
        ['Ranks chosen on', `${formatInteger(parts.selection.indices.length)} images`],
        [
          'Repaired on',
          presentRepair(state)
            ? `${formatInteger(parts.calibration.indices.length)} images, without labels`
            : 'not repaired',
        ],
        ['Input', describePreprocessing(settings.preprocessing)],
        ['Curves', shownCurves(state)?.metric ?? 'none yet'],
        ['Seed', String(settings.seed)],
        ...layerRows(state),
        ...pageOnly(settings),
        ...assumed(state).map(({ what, value }): [string, string] => [what, value]),
      ],
    },
  ];
}

/** What a person decided about single layers. */
function layerRows({ network, document: { settings } }: ProjectState): [string, string][] {
  const layers = network?.summary.layers ?? [];
  const ranks = layers.flatMap((layer) => {
    const text = decisionText(decisionOf(settings, layer));
    const isOwn = [settings.overrides, settings.limits].some((own) => Object.hasOwn(own, layer.name));
    return isOwn && text !== null ? [`${layer.name} ${text}`] : [];
  });
  const splits = Object.entries(settings.factorisations).map(([layer, choice]) => `${layer} ${choice}`);
  const rows: readonly [string, string][] = [
    ['Ranks decided by hand', ranks.join('; ')],
    ['Factors decided by hand', splits.join('; ')],
  ];
  return rows.filter(([, value]) => value !== '');
}

/** Settings that the command line of a report cannot say. */
function pageOnly({ searchSpread, searchSlack }: Settings): [string, string][] {
  const search = [
    ...(searchSpread === null ? [] : [`spread ${searchSpread}`]),
    ...(searchSlack === null ? [] : [`slack ${searchSlack}`]),
  ];
  return search.length === 0 ? [] : [['ENC-Model’s space (set in the page)', search.join(', ')]];
}

function methodTable(state: ProjectState): Block {
  const labelled = originalMeasurement(state)?.top1 !== null;
  const kind = labelled ? 'Top-1' : 'Agreement';
  const later = laterStages(state);
  const plans = methods.all.flatMap(({ id, label }) => {
    const planned = state.completed?.plans[id];
    return planned ? [methodRow(state, label, planned, later)] : [];
  });
  const stages = [`${kind} as cut`, ...later.map((stage) => `${kind} ${stage}`)];
  return {
    kind: 'table',
    head: ['Method', ...stages, 'Same answers', 'MACs', 'Parameters', 'File', 'Time of one image'],
    rows: [originalRow(state, later), ...plans],
  };
}

const none = '–';

/** What plans may have gone through after they were cut. */
type LaterStage = 'repaired' | 'distilled';

function laterStages(state: ProjectState): readonly LaterStage[] {
  if (presentRepair(state) === null) return [];
  return distilledPlans(state).length > 0 ? ['repaired', 'distilled'] : ['repaired'];
}

/** The present plans that were distilled. */
function distilledPlans(
  state: ProjectState,
): readonly { readonly label: string; readonly note: DistilNote }[] {
  return methods.all.flatMap(({ id, label }) => {
    const planned = state.completed?.plans[id];
    const note = planned && distilNoteOf(state, planned.recipe);
    return note ? [{ label, note }] : [];
  });
}

function originalRow(state: ProjectState, later: readonly LaterStage[]): string[] {
  const { macs, parameters, bytes } = state.network!.summary;
  const stages = [accuracyText(state, originalMeasurement(state)), ...later.map(() => none)];
  return ['Original', ...stages, none, formatCount(macs), formatCount(parameters), formatBytes(bytes), none];
}

function methodRow(
  state: ProjectState,
  label: string,
  { plan, recipe }: PlannedMethod,
  later: readonly LaterStage[],
): string[] {
  const { macs, parameters, bytes } = plan.costs;
  const { summary } = state.network!;
  const cut = measurementOf(state, recipe);
  const repaired = repairedMeasurement(state, recipe);
  const distilled = distilledMeasurement(state, recipe);
  const original = originalMeasurement(state);
  const final = distilled ?? repaired ?? cut;
  const shareOf = (value: number, whole: number) => `${formatCount(value)} (${formatPercent(value / whole)})`;
  const time = latencyOf(state, recipe)?.batches.find(({ batchSize }) => batchSize === 1)?.timings[1];
  return [
    label,
    accuracyText(state, cut),
    ...later.map((stage) => accuracyText(state, stage === 'repaired' ? repaired : distilled)),
    final && original ? formatPercent(countAgreement(final, original) / final.count) : none,
    shareOf(macs, summary.macs),
    shareOf(parameters, summary.parameters),
    `about ${formatBytes(bytes)}`,
    time ? speedUpText(time.speedUp) : none,
  ];
}

/** "93.4 % ±1.5 (934 of 1,000)" */
function accuracyText(state: ProjectState, measurement: Measurement | null): string {
  const accuracy = measurement && accuracyOf(measurement, originalMeasurement(state));
  if (!accuracy) return none;
  const { share, interval, successes, images } = accuracy;
  return `${formatPercent(share)} ${formatHalfWidth(interval)} (${formatInteger(successes)} of ${formatInteger(images)})`;
}

function accuracyFigure(state: ProjectState): Block[] {
  const uncut = originalMeasurement(state);
  const original = uncut && (accuracyOf(uncut, null) ?? null);
  const points = figurePoints(state).map(({ method, achieved, accuracy: { share, interval } }) => ({
    ...{ method, achieved, share, interval },
  }));
  if (!original || points.length === 0) return [];
  return [
    {
      kind: 'figure',
      caption:
        'Measured accuracy against the share of MACs, with 95 % intervals; repaired networks where repair is on.',
      svg: accuracySvg({ original, points }),
    },
  ];
}

function chosenBlocks(state: ProjectState, { plan, recipe }: PlannedMethod): Block[] {
  const { label } = methods.get(plan.method);
  const ranks = ranksOf(recipe);
  const layers = state.network!.summary.layers;
  return [
    { kind: 'heading', text: `Ranks of ${label}` },
    {
      kind: 'figure',
      caption: `The ranks of ${label} as shares of each layer’s largest useful rank.`,
      svg: ranksSvg(plan.method, layers, ranks),
    },
    {
      kind: 'table',
      head: ['Layer', 'Kernel', 'Rank', 'Largest useful', 'MACs', 'Kept'],
      rows: layers.map(({ name, shape, macs, macsPerRank, rankMax, kept }) => {
        const rank = ownValue(ranks, name) ?? null;
        const left = rank === null ? macs : rank * macsPerRank;
        return [
          name,
          shape,
          rank === null ? (kept ? 'whole: it cannot be cut' : 'whole') : String(rank),
          String(rankMax),
          formatCount(macs),
          `${formatCount(left)} (${formatPercent(left / Math.max(1, macs))})`,
        ];
      }),
    },
  ];
}

/** The command that makes the distilled networks again, from the plans as the page writes them. */
function distilBlocks(state: ProjectState, given: GivenWords | null): Block[] {
  return distilledPlans(state).flatMap(({ label, note }): Block[] => [
    {
      kind: 'text',
      text: `The distilled network of ${label}, from its plan as JSON (in the menu beside Download), which states every step with its images:`,
    },
    { kind: 'command', text: distillingCommand(state, note, given) },
  ]);
}

function originRows(state: ProjectState, { version, madeAt }: ReportContext): [string, string][] {
  const { backend } = state;
  const chosen: Recipe | undefined = state.completed?.plans[state.document.settings.method]?.recipe;
  const time = chosen ? latencyOf(state, chosen) : null;
  return [
    ['ENC Studio', `${version}, arithmetic ${arithmeticVersion}`],
    ['Computed on', backend ? `${backend.backend}, ${backend.threads} threads` : 'nothing yet'],
    ...(time ? ([['Times measured on', measuredOnText(time)]] as [string, string][]) : []),
    ['Written', madeAt.toISOString().slice(0, 16).replace('T', ' ') + ' UTC'],
  ];
}
