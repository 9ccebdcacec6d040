import { readFile } from 'node:fs/promises';
import { fail, FailureError } from '../../src/network/failure';
import type { Document } from '../../src/project/document';
import { documentText, readDocument } from '../../src/project/documentText';
import { lastingJobs } from '../../src/project/jobs';
import { listed } from '../../src/project/jobStatus';
import type { Measurement } from '../../src/project/measurement';
import { withPresentPlans } from '../../src/project/presentPlans';
import type { Report } from '../../src/project/report/blocks';
import type { GivenWords } from '../../src/project/report/command';
import { reportHtml } from '../../src/project/report/html';
import { reportMarkdown } from '../../src/project/report/markdown';
import { reportOf } from '../../src/project/report/report';
import { networkReadingOf, type Settings } from '../../src/project/settings';
import { withImages, withSettings, withTuning, withWork } from '../../src/project/transitions';
import { accuracyOf } from '../accuracy';
import { doAll, type DoneTask } from '../doing';
import { noteLabels, requireLabelChoices } from '../labelling';
import { percent, printAnswer } from '../output';
import { askedOverrides, idsOf, type LayerOptions } from '../planning';
import { parsePreprocessing, type PreprocessingOptions } from '../preprocessing';
import { limitsOf, splitsOf, type RankBound } from '../rankBounds';
import { isSample, samplePreprocessing } from '../samples';
import type { CommonOptions } from '../commonOptions';
import { Workspace } from '../workspace';
import { requireWritable, writeWhole } from '../writing';

export interface WorkOptions extends CommonOptions, LayerOptions, PreprocessingOptions {
  readonly data: readonly string[];
  /** Bounds of single layers' ranks, as they were given. */
  readonly bounds: readonly RankBound[];
  /** How single convolutions are split, as it was given. */
  readonly splits: readonly string[];
  /** Images of their own for calibration and selection; null takes those of --data. */
  readonly calibration: readonly string[] | null;
  /** Those that were given. */
  readonly settings: Partial<Settings>;
  /** Ids of the jobs that may run; null lets all of them. */
  readonly jobs: readonly string[] | null;
  /** Where the document is read from, where it exists, and written to. */
  readonly project: string | null;
  /** A report of it for people; null writes none. */
  readonly report: ReportTarget | null;
}

/** Where a report is written, and how. */
export interface ReportTarget {
  readonly path: string;
  readonly write: (report: Report) => string;
  /** Of the studio. */
  readonly version: string;
}

/** @throws FailureError `invalid-request` for an ending that no report has */
export function reportTarget(path: string): Pick<ReportTarget, 'path' | 'write'> {
  if (path.endsWith('.html')) return { path, write: reportHtml };
  if (path.endsWith('.md')) return { path, write: reportMarkdown };
  return fail('invalid-request', `--out: expected .html or .md, found "${path}"; end the name so.`);
}

/** @throws FailureError `invalid-request` for a name that is no job's */
export function parseJobs(text: string): readonly string[] {
  const offered = lastingJobs();
  return text.split(',').map((part) => {
    const name = part.trim();
    return (
      offered.find(({ id }) => id === name)?.id ??
      fail('invalid-request', `--jobs: expected ${idsOf(offered)}, found "${name}"; choose one of these.`)
    );
  });
}

/** Does all that the page does by itself, and writes down what was found. */
export async function work(model: readonly string[], options: WorkOptions): Promise<void> {
  const former = options.project === null ? null : await readProject(options.project);
  if (options.project !== null) await requireWritable(options.project);
  const before = former ? networkReadingOf(former.settings) : {};
  const networkReading = { ...before, ...options.networkReading };
  await Workspace.with(model, { ...options, networkReading }, async (workspace) => {
    if (former) goOn(workspace, former, options.project!);
    await openFiles(workspace, options);
    await stateSettings(workspace, options);
    requireLabelChoices(workspace.state.images!, workspace.state);
    await workspace.factorise([
      ...workspace.network.layers.filter(canBeCut),
      ...workspace.wantedAlternatives,
    ]);
    const done = await doAll(workspace, options.jobs);
    noteLabels(workspace.state.images!, workspace.state);
    const { document } = workspace.state;
    if (options.project !== null) await writeWhole(options.project, documentText(document));
    if (options.report) {
      const given = { network: model, data: options.data, calibration: options.calibration ?? [] };
      await writeReport(workspace, options.report, given);
    }
    const measurements = Object.values(document.measurements);
    printAnswer(options.json, { done, measurements: measurements.map(printed) }, () => workText(done));
    failWhereOneDid(workspace);
  });
}

async function writeReport(
  { state }: Workspace,
  { path, write, version }: ReportTarget,
  given: GivenWords,
): Promise<void> {
  // A network whose layers were factorised has plans.
  const report = reportOf(withPresentPlans(state), { version, madeAt: new Date(), given })!;
  await writeWhole(path, write(report));
}

const canBeCut = ({ kept, rankMax }: Workspace['network']['layers'][number]) => kept === null && rankMax >= 1;

/** null where there is no such file yet. */
async function readProject(path: string): Promise<Document | null> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    return fail('unreadable-file', `${path}: expected a file that can be read, found none; check the path.`);
  });
  return text === null ? null : readDocument(text, path);
}

function goOn(workspace: Workspace, former: Document, path: string): void {
  const { fingerprint } = workspace.network;
  if (former.network && former.network.fingerprint !== fingerprint)
    fail(
      'invalid-request',
      `${path}: expected a project of this network, found one of ${former.network.name} (fingerprint ${former.network.fingerprint}); give that network, or another file.`,
    );
  workspace.update((state) => withWork(state, former));
}

async function openFiles(workspace: Workspace, { data, calibration, settings }: WorkOptions): Promise<void> {
  workspace.update((state) => withSettings(state, settings));
  const images = await workspace.read(data, 'validation');
  const tuning = calibration && (await workspace.read(calibration, 'calibration'));
  workspace.update((state) => withTuning(withImages(state, images), tuning));
}

/** The settings of the options go before those of the project. */
async function stateSettings(workspace: Workspace, options: WorkOptions): Promise<void> {
  const { include, keep, settings, bounds, splits } = options;
  const before = workspace.state.document.settings;
  // First how layers are split, because the ranks that are useful follow from it.
  const factorisations = { ...before.factorisations, ...splitsOf(workspace.network, splits) };
  workspace.update((state) => withSettings(state, { factorisations }));
  const limits = limitsOf(workspace.network, bounds);
  const included = [...include, ...Object.keys(limits)];
  const overrides = askedOverrides(workspace.network, { include: included, keep });
  const preprocessing = await statedPreprocessing(workspace, options);
  workspace.update((state) =>
    withSettings(state, {
      ...settings,
      overrides: { ...before.overrides, ...overrides },
      limits: { ...before.limits, ...limits },
      ...preprocessing,
    }),
  );
}

/** Where nobody says how pixels become the input, it is found out, as on the page. */
async function statedPreprocessing(
  workspace: Workspace,
  { channels, mean, scale, preprocess, data }: WorkOptions,
): Promise<Partial<Settings>> {
  if (preprocess === 'detect') return { preprocessingIsGuess: true };
  const given = Object.fromEntries(
    Object.entries({ channels, mean, scale, preprocess }).filter(([, value]) => value !== undefined),
  ) as PreprocessingOptions;
  const ofSample = preprocess === undefined && data.some(isSample) ? await samplePreprocessing() : {};
  if (Object.keys({ ...ofSample, ...given }).length === 0) return {};
  const { input, preprocessing } = workspace.network;
  const stated = parsePreprocessing({ ...ofSample, ...given }, input.shape, preprocessing);
  return { preprocessing: stated, preprocessingIsGuess: false };
}

interface PrintedMeasurement extends Omit<Measurement, 'answers'> {
  readonly accuracy: number | null;
}

function printed(measurement: Measurement): PrintedMeasurement {
  const { recipe, images, achieved, count, top1, top5, methods } = measurement;
  const accuracy = accuracyOf(measurement, null).top1;
  return { recipe, images, achieved, count, top1, top5, methods, accuracy };
}

function workText(done: readonly DoneTask[]): string {
  if (done.length === 0) return 'Everything was done already.';
  return done
    .map(({ title, accuracy }) => (accuracy === null ? title : `${title}: ${percent(accuracy)}`))
    .join('\n');
}

function failWhereOneDid({ state }: Workspace): void {
  for (const { status } of listed(state.jobs))
    if (status.state === 'failed')
      throw new FailureError(status.failure.code, `${status.title}: ${status.failure.message}`);
}
