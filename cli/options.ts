import type { Command } from 'commander';
import * as v from 'valibot';
import { curveMethods, methods } from '../src/compression/methods';
import type { BackendRequest } from '../src/engine/backend';
import { fail } from '../src/network/failure';
import { presets } from '../src/network/presets';
import { comparedImages, defaultCalibration, defaultSelection } from '../src/project/images';
import {
  defaultSettings,
  networkReadingOf,
  settingList,
  type SettingName,
  type Settings,
} from '../src/project/settings';
import type { CommonOptions } from './commonOptions';
import { parseCount, parseNumber } from './inputs';
import { boundsOf, multipleOfAll, withBounds } from './rankBounds';
import { idsOf, parseMetric, parseSpace, planMetrics } from './planning';
import type { PreprocessingOptions } from './preprocessing';

/** Options as commander hands them over: text, or absent. */
export interface RawOptions extends PreprocessingOptions {
  readonly json?: boolean;
  readonly backend: string;
  readonly data?: string[];
  readonly images?: string;
  readonly target?: string;
  readonly method: string;
  readonly metric?: string;
  readonly curves?: string;
  readonly exhaustive?: boolean;
  readonly out?: string;
  readonly ranks?: string;
  readonly repair?: boolean;
  readonly distil?: boolean;
  readonly epochs?: string;
  readonly stopAfter?: string;
  readonly minutes?: string;
  readonly labels?: boolean;
  readonly rate?: string;
  readonly optimiser?: string;
  readonly blocks?: string;
  readonly views?: string;
  readonly zoom?: string;
  readonly windows?: string;
  readonly temperature?: string;
  readonly calibration?: string[];
  readonly calibrationImages?: string;
  readonly targets?: string;
  readonly svg?: string;
  readonly methods?: string;
  readonly selection?: string[];
  readonly selectionImages?: string;
  readonly seed?: string;
  readonly candidates?: string;
  readonly top?: string;
  readonly search?: string;
  readonly deltaS?: string;
  readonly deltaM?: string;
  readonly tables?: string;
  readonly include?: string[];
  readonly keep?: string[];
  readonly factorisation?: string[];
  readonly jobs?: string;
  readonly project?: string;
  readonly budget?: string[];
  readonly multiple?: string[];
  readonly rank?: string[];
  readonly bound?: string[];
  readonly layers?: boolean;
  readonly runtime?: string;
  readonly batch?: string;
  readonly rounds?: string;
  readonly shard?: string;
  readonly shards?: string;
  readonly threads?: string;
  readonly plan?: string;
  readonly watch?: boolean;
  readonly continue?: boolean;
}

const backends: readonly BackendRequest[] = ['auto', 'webgpu', 'wasm', 'cpu'];

function parseBackend(text: string): BackendRequest {
  return (
    backends.find((backend) => backend === text) ??
    fail(
      'invalid-request',
      `--backend: expected ${backends.join(', ')}, found "${text}"; choose one of these.`,
    )
  );
}

/** What every command has. */
export function commonOf(raw: RawOptions): CommonOptions {
  const settings = settingsOf(raw as unknown as Readonly<Record<string, unknown>>, networkSettings);
  return {
    json: raw.json ?? false,
    backend: parseBackend(raw.backend),
    networkReading: networkReadingOf(settings),
  };
}

/** Adds what every command has. */
export function withCommon(command: Command): Command {
  return command
    .option('--json', 'print exactly one JSON object on stdout')
    .option('--backend <name>', backends.join(', '), 'auto');
}

/** What decides plans beside target, method and curves. */
export function requestOf(raw: RawOptions) {
  return {
    include: raw.include ?? [],
    keep: raw.keep ?? [],
    seed: seedOf(raw),
    space: parseSpace(raw.search, raw.deltaS, raw.deltaM),
    ...multipleOfAll(raw),
    bounds: boundsOf(raw),
    splits: raw.factorisation ?? [],
    ...(raw.candidates === undefined ? {} : { candidates: parseCount('--candidates', raw.candidates) }),
  };
}

function seedOf({ seed = String(defaultSettings.seed) }: RawOptions): number {
  return parseNumber('--seed', seed, 0, Number.MAX_SAFE_INTEGER);
}

/** Which curves drive the plans. */
export function curveOf(raw: RawOptions) {
  return {
    curves: raw.curves ?? null,
    metric: raw.metric === undefined ? null : parseMetric(raw.metric, planMetrics()),
  };
}

/** @throws FailureError `invalid-request` where it is no share */
export function targetOf(text: string): number {
  return parseNumber('--target', text, 0, 1);
}

/** Images to repair on. */
export function repairOf(raw: RawOptions) {
  return {
    calibration: raw.calibration ?? null,
    count: parseCount('--calibration-images', raw.calibrationImages ?? ''),
  };
}

/** Images to re-fit layers on before their curves are measured. */
export function curveRepairOf(raw: RawOptions) {
  return raw.calibrationImages === undefined
    ? { calibration: raw.calibration ?? null, count: null }
    : repairOf(raw);
}

/** Images to choose ranks on. */
export function selectionOf(raw: RawOptions) {
  return {
    selection: raw.selection ?? null,
    count: parseCount('--selection-images', raw.selectionImages ?? ''),
  };
}

/** Only the options that were given, so that absent ones stay absent. */
export function imagesOf(raw: RawOptions) {
  return {
    ...(raw.channels === undefined ? {} : { channels: raw.channels }),
    ...(raw.mean === undefined ? {} : { mean: raw.mean }),
    ...(raw.scale === undefined ? {} : { scale: raw.scale }),
    ...(raw.preprocess === undefined ? {} : { preprocess: raw.preprocess }),
    ...(raw.images === undefined ? {} : { images: parseCount('--images', raw.images) }),
    reading: settingsOf(raw as unknown as Readonly<Record<string, unknown>>, readingSettings),
  };
}

/** Adds the images that a command runs on. */
export function withImages(command: Command): Command {
  return withReading(withPreprocessing(withData(command))).option(
    '--images <n>',
    'use only the first n images',
  );
}

/** Adds the images alone, all of them. */
export function withData(command: Command): Command {
  return command.option(
    '--data <files...>',
    'images: files, a folder or a zip; pictures, CIFAR, MNIST IDX or NumPy arrays',
  );
}

/** Settings that say how a network's files are read. */
const networkSettings: readonly SettingName[] = ['output', 'inputSize'];

/** Adds how a network's files are read. */
export function withNetworkReading(command: Command): Command {
  return withSettingOptions(command, networkSettings);
}

/** Settings that say in how many bits a network is stored. */
export const storageSettings: readonly SettingName[] = ['weights', 'activations'];

/** Settings that say how files of images are read. */
const readingSettings: readonly SettingName[] = ['pixelRange', 'subset', 'labelColumn', 'classOrder'];

/** Adds how files of images are read. */
export function withReading(command: Command): Command {
  return withSettingOptions(command, readingSettings);
}

/** Adds how pixels become the network's input. */
export function withPreprocessing(command: Command): Command {
  return command
    .option('--preprocess <name>', `detect, or ${presets.map(({ id }) => id).join(', ')}`)
    .option('--channels <order>', 'rgb, bgr or grey')
    .option('--mean <a,b,c>', 'subtracted from every pixel, per channel', undefined)
    .option('--scale <s>', 'then multiplied; the default is 1/255');
}

/** Adds which layers are cut. */
export function withLayers(command: Command): Command {
  return command
    .option('--include <layers...>', 'also cut these layers that are kept by default')
    .option('--keep <layers...>', 'keep these layers as they are');
}

const methodsHelp = () => `
model maximises the predicted quality of the whole network, the product of the layers' qualities (A_p, A_m, A_d),
or with --metric combined A_c. The paper samples its space for about three minutes (groups of layers, one sum in
20, one candidate in 100). Here dynamic programming over cost finds the exact best plan and the next best ones, in
milliseconds and without chance; A_c, which is not a sum over layers, ranks a pool of the best by A_p, by A_m and by
blends of both. The paper's space is --search box; --search all looks at every rank.

inf runs the best of model's plans, and the plans of ${idsOf(curveMethods())}, on selection images (--selection):
small batches first, plans that are beaten beyond chance are dropped. Candidates run without repair.`;

/** Adds how plans are made. */
export function withPlans(command: Command): Command {
  return withBounds(withLayers(command))
    .option('--method <name>', `how ranks are chosen: ${idsOf(methods.all)}`, defaultSettings.method)
    .option('--curves <file>', 'curves that enc curves --out wrote, instead of energy')
    .option('--metric <name>', `what of those curves decides: ${idsOf(planMetrics())}`)
    .option(
      '--search <space>',
      'what model searches: all ranks, or the box between the answers of map at the target ± δs; the default is all with divergence, else box',
    )
    .option('--delta-s <share>', 'δs as a share of the original MACs; the default is 0.1')
    .option('--delta-m <share>', 'δm: model costs at least 1 − δm of the target; the default is 0.005')
    .option(
      '--candidates <n>',
      'plans of model that inf races beside the plans of the other methods',
      String(defaultSettings.candidates),
    )
    .addHelpText('after', methodsHelp());
}

/** Adds the images that ranks are chosen on. @param what they serve for @param rest said of their number */
export function withSelection(command: Command, what: string, rest = ''): Command {
  return command
    .option('--selection <files...>', `images ${what}`)
    .option('--selection-images <n>', `how many of them${rest}`, String(defaultSelection))
    .option('--seed <n>', 'for the choice of images', String(defaultSettings.seed));
}

/** Adds the images for repair. */
export function withRepair(command: Command): Command {
  return command
    .option('--repair', 're-fit the factors on unlabelled calibration images')
    .option(
      '--calibration <files...>',
      'images for repair; otherwise some of --data, which then do not count',
    )
    .option('--calibration-images <n>', 'how many images repair looks at', String(defaultCalibration));
}

/** Said of the written file. */
export const comparedText = `what is written is read back and compared on up to ${comparedImages} of the images`;

/** Adds an option for settings that have a name in the page's address, but those of single layers: for every one unless some are named. */
export function withSettingOptions(command: Command, only?: readonly SettingName[]): Command {
  for (const [name, { address }] of settingList) {
    if (!address || address.isOfLayers || only?.includes(name) === false) continue;
    const flag = `--${address.parameter}`;
    if (command.options.some(({ long }) => long === flag)) continue;
    const words = address.words ? `: ${address.words().join(', ')}` : '';
    const initial = address.write(defaultSettings[name]);
    const fallback = initial === '' ? '' : ` (default: ${initial})`;
    command.option(`${flag} <value>`, `${address.about}${words}${fallback}`);
  }
  return command;
}

/**
 * The settings that options of {@link withSettingOptions} state; those that were not given are absent.
 *
 * @throws FailureError `invalid-request` for a value that the setting cannot have
 */
export function settingsOf(
  raw: Readonly<Record<string, unknown>>,
  only?: readonly SettingName[],
): Partial<Settings> {
  const stated = settingList.flatMap(([name, { address, schema }]): [string, unknown][] => {
    const text = address && raw[optionName(address.parameter)];
    if (!address || address.isOfLayers || only?.includes(name) === false || typeof text !== 'string')
      return [];
    const said = address.read(text);
    const value = v.safeParse(schema, said);
    if (value.success) return [[name, value.output]];
    const reason = said === undefined ? address.about : value.issues[0].expected;
    const expected = address.words?.().join(', ') ?? reason ?? address.about;
    return fail(
      'invalid-request',
      `--${address.parameter}: expected ${expected}, found "${text}"; choose one of these.`,
    );
  });
  return Object.fromEntries(stated) as Partial<Settings>;
}

/** Where commander keeps an option: `pixel-range` under `pixelRange`. */
function optionName(parameter: string): string {
  return parameter.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
