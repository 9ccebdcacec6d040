import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { methods } from '../src/compression/methods';
import { firstMetric } from '../src/compression/metrics';
import { fail } from '../src/network/failure';
import { defaultCalibration } from '../src/project/images';
import { lastingJobs } from '../src/project/jobs';
import { defaultSettings, type SettingName } from '../src/project/settings';
import { usualRounds } from '../workers/protocol/latency';
import { parseBudget, withBudget } from './budgets';
import { command, needsData, withModel } from './commandParts';
import { compress } from './commands/compress';
import { curves } from './commands/curves';
import { evaluate } from './commands/evaluate';
import { figure, parseTargets } from './commands/figure';
import { inspect } from './commands/inspect';
import { lossless } from './commands/lossless';
import { latency, parseBatches, parseRuntime } from './commands/latency';
import { plan } from './commands/plan';
import { planFromTables } from './commands/planFromTables';
import { parseJobs, reportTarget, work } from './commands/work';
import { parseCount } from './inputs';
import { forgetFiles } from './keptApart';
import { outEndingsText } from './outFiles';
import { root } from './root';
import { distilOf, withDistil } from './distilOptions';
import {
  commonOf,
  comparedText,
  curveOf,
  imagesOf,
  repairOf,
  requestOf,
  selectionOf,
  settingsOf,
  storageSettings,
  withData,
  withImages,
  withLayers,
  withPlans,
  withPreprocessing,
  withReading,
  withRepair,
  withSelection,
  withSettingOptions,
  type RawOptions,
} from './options';
import { requireConsistent } from './contradictions';
import { measuringOf, sweepLimitOf, withMeasuring, withSweepLimit } from './measuringOptions';
import { curveMetrics, defaultMethods, idsOf, parseMethod, parseMetric, tableMetrics } from './planning';
import { boundsOf, multipleOfAll, withBounds } from './rankBounds';
import { addMerge, addRace, addSweep } from './sharing/program';
import { isShared, sharedOf, withShard } from './sharing/options';

/** The command line's commands with their options, as commander runs them. Nothing happens before it parses. */
export function createProgram(): Command {
  const program = new Command('enc')
    .description('Compresses convolutional networks by low-rank factorisation.')
    .configureOutput({ writeOut: (text) => process.stderr.write(text) })
    // Thrown, so that whoever runs the program says how it ended.
    .exitOverride()
    .option('--version', 'print the version')
    .on('option:version', () => {
      process.stdout.write(`${version()}\n`);
      throw new CommanderError(0, 'commander.version', version());
    });
  const adders = [
    addInspect,
    addEvaluate,
    addCurves,
    addPlan,
    addCompress,
    addFigure,
    addLatency,
    addLossless,
    addWork,
    addReport,
    addSweep,
    addRace,
    addMerge,
  ];
  for (const add of adders) add(program);
  program.hook('preAction', (_, command) => {
    forgetFiles();
    requireConsistent(command);
  });
  return program;
}

function version(): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}

function addInspect(program: Command): void {
  withModel(
    command(program, 'inspect', 'list the layers of a network, their cost and what can be cut'),
  ).action((model: string[], raw: RawOptions) => inspect(model, commonOf(raw)));
}

function addEvaluate(program: Command): void {
  withModel(withImages(command(program, 'evaluate', 'measure accuracy on labelled images'))).action(
    (model: string[], raw: RawOptions) =>
      evaluate(model, { ...commonOf(raw), ...imagesOf(raw), data: needsData(raw, 'evaluate') }),
  );
}

function addCurves(program: Command): void {
  const about = 'print the curve of every layer, from its weights or measured on images';
  withSweepLimit(withMeasuring(withModel(command(program, 'curves', about)), firstMetric))
    .option('--out <file>', 'also write the curves as JSON, for --curves of plan and compress')
    .action((model: string[], raw: RawOptions) =>
      curves(model, {
        ...commonOf(raw),
        ...measuringOf(raw, curveMetrics()),
        limit: sweepLimitOf(raw),
        out: raw.out ?? null,
      }),
    );
}

function addPlan(program: Command): void {
  const about = 'choose a rank per layer for a target';
  const own = withReading(withPreprocessing(withPlans(command(program, 'plan', about))));
  withSelection(withModel(withBudget(own), '[model...]'), 'that inf races plans on')
    .option('--tables <folder>', "the authors' tables instead of a network")
    .option('--top <n>', 'also print the n best plans of model', '1')
    .action((model: string[], raw: RawOptions) => runPlan(model, raw));
}

function runPlan(model: readonly string[], raw: RawOptions): Promise<void> {
  const options = {
    ...commonOf(raw),
    ...requestOf(raw),
    budget:
      parseBudget(raw.budget, raw.target) ??
      fail('invalid-request', 'enc plan: expected --target or --budget, found neither; give one of them.'),
    top: parseCount('--top', raw.top ?? ''),
  };
  const method = parseMethod(raw.method);
  if (raw.tables !== undefined) {
    if (method.needs.images)
      return fail(
        'invalid-request',
        `--method ${method.id}: expected a network to run, found tables; name the network's file instead of --tables.`,
      );
    const metric = parseMetric(raw.metric ?? firstMetric, tableMetrics(), '--metric with --tables');
    const { cost, target } = options.budget;
    if (cost !== 'macs')
      return fail(
        'invalid-request',
        `--budget: expected one on MACs with --tables, which say nothing else, found ${cost}; give --target.`,
      );
    return planFromTables(raw.tables, { ...options, target, method, metric });
  }
  if (model.length === 0)
    fail('invalid-request', 'enc plan: expected a network or --tables, found neither; name one of them.');
  return plan(model, { ...options, ...imagesOf(raw), ...curveOf(raw), method, race: selectionOf(raw) });
}

function addCompress(program: Command): void {
  const own = withPlans(withImages(command(program, 'compress', 'write a smaller network')));
  const withOut = withModel(withBudget(own))
    .option(
      '--ranks <file>',
      'a plan that the studio wrote, with its steps, or a JSON file from layer name to rank, instead of a target',
    )
    .requiredOption(
      '--out <file>',
      `where to write the smaller network; the ending says how: ${outEndingsText()}; ${comparedText}`,
    );
  const what = 'that inf races plans on, and to measure curves on where --metric needs them without --curves';
  const rest = '; without --selection, those that follow the calibration images';
  const repaired = withSettingOptions(withDistil(withRepair(withOut)), storageSettings);
  withSelection(repaired, what, rest).action((model: string[], raw: RawOptions) =>
    compress(model, {
      ...commonOf(raw),
      ...imagesOf(raw),
      ...requestOf(raw),
      ...curveOf(raw),
      data: raw.data ?? null,
      calibration: raw.calibration ?? null,
      selection: raw.selection ?? null,
      budget: parseBudget(raw.budget, raw.target),
      method: parseMethod(raw.method),
      race: selectionOf(raw),
      ranks: raw.ranks ?? null,
      repair: raw.repair === true ? repairOf(raw) : null,
      distil: distilOf(raw),
      calibrationImages: repairOf(raw).count,
      storage: settingsOf(raw as unknown as Readonly<Record<string, unknown>>, storageSettings),
      out: raw.out ?? '',
    }),
  );
}

function addFigure(program: Command): void {
  const about = 'measure accuracy against the share of MACs, for every method';
  const own = withModel(withPlans(withImages(command(program, 'figure', about))))
    .option('--targets <list>', 'first:last:step, or shares with commas', '0.2:0.9:0.1')
    .option('--methods <list>', `with commas: ${idsOf(methods.all)}`, defaultMethods());
  withShard(withSelection(own, 'that inf races plans on'))
    .option('--out <file>', 'where to write the figure as JSON; with --shard the folder for results')
    .option('--svg <file>', 'where to draw it')
    .action((model: string[], raw: RawOptions, self: Command) =>
      figure(model, {
        ...commonOf(raw),
        ...imagesOf(raw),
        ...requestOf(raw),
        ...curveOf(raw),
        data: needsData(raw, 'figure'),
        targets: parseTargets(raw.targets ?? ''),
        methods: (raw.methods ?? '').split(',').map((name) => parseMethod(name.trim())),
        race: selectionOf(raw),
        out: raw.out ?? null,
        svg: raw.svg ?? null,
        shared: isShared(raw) ? { ...commonOf(raw), ...sharedOf(raw, self) } : null,
      }),
    );
}

function addLatency(program: Command): void {
  const about = 'measure the time of a plan beside the original’s, in turns, in one thread';
  const own = withReading(withPreprocessing(withPlans(command(program, 'latency', about))));
  const withTarget = withModel(withBudget(own))
    .option('--ranks <file>', 'a plan that the studio wrote, or a JSON file from layer name to rank')
    .option(
      '--runtime <name>',
      'own, the engine that --backend names; or ort, ONNX Runtime Web with both networks written as ONNX',
      'own',
    )
    .option(
      '--batch <list>',
      'images per run, with commas; auto is as many as evaluate runs at a time',
      '1,auto',
    )
    .option('--rounds <n>', 'timed runs of each network', String(usualRounds))
    .option(
      '--layers',
      'also time every layer by itself, whole and at some ranks, and say what these foretell',
    );
  withSelection(withTarget, 'that inf races plans on').action((model: string[], raw: RawOptions) =>
    latency(model, {
      ...commonOf(raw),
      ...imagesOf(raw),
      ...requestOf(raw),
      ...curveOf(raw),
      budget: parseBudget(raw.budget, raw.target),
      method: parseMethod(raw.method),
      race: selectionOf(raw),
      ranks: raw.ranks ?? null,
      repair: null,
      runtime: parseRuntime(raw.runtime ?? ''),
      batches: parseBatches(raw.batch ?? ''),
      rounds: parseCount('--rounds', raw.rounds ?? ''),
      layers: raw.layers === true,
    }),
  );
}

/** Settings of a search for the smallest plan without loss. */
const losslessSettings: readonly SettingName[] = ['cost', 'lossLevel', 'isRepairing'];

function addLossless(program: Command): void {
  const about = 'find the smallest plan whose answers are no worse than the original’s';
  const own = withSettingOptions(
    withModel(withPlans(withImages(command(program, 'lossless', about)))),
    losslessSettings,
  )
    .option(
      '--calibration <files...>',
      'images for repair; otherwise some of --data, which then do not count',
    )
    .option('--calibration-images <n>', 'how many images repair looks at', String(defaultCalibration))
    .option('--selection <files...>', 'images that plans are chosen on; otherwise others of these')
    .option(
      '--selection-images <n>',
      'how many of them; the default is all that follow those for repair, of --data half of what is left',
    )
    .option('--seed <n>', 'for the choice of images', String(defaultSettings.seed))
    .option('--out <file>', `where to write the network that is found, if anywhere: ${outEndingsText()}`);
  own.action((model: string[], raw: RawOptions) =>
    lossless(model, {
      ...commonOf(raw),
      ...imagesOf(raw),
      ...requestOf(raw),
      ...curveOf(raw),
      data: needsData(raw, 'lossless'),
      method: parseMethod(raw.method),
      settings: settingsOf(raw as unknown as Readonly<Record<string, unknown>>, losslessSettings),
      repair: repairOf(raw),
      selection: raw.selection ?? null,
      selectionImages:
        raw.selectionImages === undefined ? null : parseCount('--selection-images', raw.selectionImages),
      out: raw.out ?? null,
    }),
  );
}

type WorkRaw = RawOptions & Readonly<Record<string, unknown>>;

/** A command that does what the page does by itself. */
function withWorkOptions(program: Command, name: string, about: string): Command {
  const own = withPreprocessing(withBounds(withLayers(withData(command(program, name, about)))));
  return withSettingOptions(withModel(own))
    .option('--calibration <files...>', 'images of their own for calibration and selection')
    .option('--jobs <list>', `only these, with commas: ${idsOf(lastingJobs())}`)
    .option('--project <file>', 'where it is written; what the file holds already is not done again');
}

function workOf(raw: WorkRaw, name: string) {
  return {
    ...commonOf(raw),
    ...imagesOf(raw),
    include: raw.include ?? [],
    keep: raw.keep ?? [],
    bounds: boundsOf(raw),
    splits: raw.factorisation ?? [],
    data: needsData(raw, name),
    calibration: raw.calibration ?? null,
    settings: { ...settingsOf(raw), ...multipleOfAll(raw) },
    jobs: raw.jobs === undefined ? null : parseJobs(raw.jobs),
    project: raw.project ?? null,
  };
}

function addWork(program: Command): void {
  const about =
    'do all that the page does by itself, with the page’s settings, and write down what was found';
  withWorkOptions(program, 'work', about).action((model: string[], raw: WorkRaw) =>
    work(model, { ...workOf(raw, 'work'), report: null }),
  );
}

function addReport(program: Command): void {
  const about = 'do all that the page does by itself, and write a report of it for people';
  withWorkOptions(program, 'report', about)
    .requiredOption('--out <file>', 'where to write it: .html, one file without script, or .md')
    .action((model: string[], raw: WorkRaw) =>
      work(model, {
        ...workOf(raw, 'report'),
        report: { ...reportTarget(raw.out ?? ''), version: version() },
      }),
    );
}
