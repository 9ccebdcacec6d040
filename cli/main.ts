import { Command } from 'commander';
import type { BackendRequest } from '../src/engine/backend';
import { fail, FailureError } from '../src/network/failure';
import { presets } from '../src/network/presets';
import { compress } from './commands/compress';
import { curves } from './commands/curves';
import { evaluate } from './commands/evaluate';
import { figure, parseTargets } from './commands/figure';
import { inspect } from './commands/inspect';
import { plan } from './commands/plan';
import { planFromTables } from './commands/planFromTables';
import { parseCount, parseNumber } from './inputs';
import { outEndingsText } from './outFiles';
import type { PreprocessingOptions } from './preprocessing';
import { defaultSelection } from './measuring';
import { methods } from '../src/compression/methods';
import { firstMetric } from '../src/compression/metrics';
import {
  curveMetrics,
  defaultMethods,
  idsOf,
  parseMethod,
  parseMetric,
  parseSpace,
  planMetrics,
  tableMetrics,
} from './planning';

/** Options as commander hands them over: text, or absent. */
interface RawOptions extends PreprocessingOptions {
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
}

function parseBackend(text: string): BackendRequest {
  const backends: readonly BackendRequest[] = ['auto', 'webgpu', 'wasm', 'cpu'];
  return (
    backends.find((backend) => backend === text) ??
    fail('invalid-request', `--backend: expected ${backends.join(', ')}, found "${text}".`)
  );
}

const common = (raw: RawOptions) => ({ json: raw.json ?? false, backend: parseBackend(raw.backend) });
const layerOptions = (raw: RawOptions) => ({ include: raw.include ?? [], keep: raw.keep ?? [] });
const curveOptions = (raw: RawOptions) => ({
  curves: raw.curves ?? null,
  metric: raw.metric === undefined ? null : parseMetric(raw.metric, planMetrics()),
});
const target = (text: string) => parseNumber('--target', text, 0, 1);

function repairOptions(raw: RawOptions) {
  return {
    calibration: raw.calibration ?? null,
    count: parseCount('--calibration-images', raw.calibrationImages ?? ''),
    seed: parseNumber('--seed', raw.seed ?? '', 0, Number.MAX_SAFE_INTEGER),
  };
}

function raceOptions(raw: RawOptions) {
  return {
    selection: raw.selection ?? null,
    count: parseCount('--selection-images', raw.selectionImages ?? ''),
    seed: parseNumber('--seed', raw.seed ?? '', 0, Number.MAX_SAFE_INTEGER),
    candidates: parseCount('--candidates', raw.candidates ?? ''),
  };
}
const modelSpace = (raw: RawOptions) => parseSpace(raw.search, raw.deltaS, raw.deltaM);

function curveRepair(raw: RawOptions) {
  return {
    calibration: raw.calibration ?? null,
    count:
      raw.calibrationImages === undefined ? null : parseCount('--calibration-images', raw.calibrationImages),
    seed: parseNumber('--seed', raw.seed ?? '', 0, Number.MAX_SAFE_INTEGER),
  };
}

/** Only the options that were given, so that absent ones stay absent. */
function imageOptions(raw: RawOptions) {
  return {
    ...(raw.channels === undefined ? {} : { channels: raw.channels }),
    ...(raw.mean === undefined ? {} : { mean: raw.mean }),
    ...(raw.scale === undefined ? {} : { scale: raw.scale }),
    ...(raw.preprocess === undefined ? {} : { preprocess: raw.preprocess }),
    ...(raw.images === undefined ? {} : { images: parseCount('--images', raw.images) }),
  };
}

function withImages(command: Command): Command {
  return withPreprocessing(command)
    .option(
      '--data <files...>',
      'images: files, a folder or a zip; pictures, CIFAR, MNIST IDX or NumPy arrays',
    )
    .option('--images <n>', 'use only the first n images')
    .option('--preprocess <name>', `detect, or ${presets.map(({ id }) => id).join(', ')}`);
}

function withPreprocessing(command: Command): Command {
  return command
    .option('--channels <order>', 'rgb, bgr or grey')
    .option('--mean <a,b,c>', 'subtracted from every pixel, per channel', undefined)
    .option('--scale <s>', 'then multiplied; the default is 1/255');
}

function withLayers(command: Command): Command {
  return command
    .option('--include <layers...>', 'also cut these layers that are kept by default')
    .option('--keep <layers...>', 'keep these layers as they are');
}

const modelHelp = `
model maximises the predicted quality of the whole network, the product of the layers' qualities (A_p, A_m, A_d),
or with --metric combined A_c. The paper samples its space for about three minutes (groups of layers, one sum in
20, one candidate in 100). Here dynamic programming over cost finds the exact best plan and the next best ones, in
milliseconds and without chance; A_c, which is not a sum over layers, ranks a pool of the best by A_p, by A_m and by
blends of both. The paper's space is --search box; --search all looks at every rank.

inf runs the best of model's plans, and the plans of uniform, map and model, on selection images (--selection):
small batches first, plans that are beaten beyond chance are dropped. Candidates run without repair.`;

function withPlans(command: Command): Command {
  return withLayers(command)
    .option('--method <name>', `how ranks are chosen: ${idsOf(methods.all)}`, 'map')
    .option('--curves <file>', 'curves that enc curves --out wrote, instead of energy')
    .option('--metric <name>', `what of those curves decides: ${idsOf(planMetrics())}`)
    .option(
      '--search <space>',
      'what model searches: all ranks, or the box between the answers of map at the target ± δs; the default is all with divergence, else box',
    )
    .option('--delta-s <share>', 'δs as a share of the original MACs; the default is 0.1')
    .option('--delta-m <share>', 'δm: model costs at least 1 − δm of the target; the default is 0.005')
    .option('--candidates <n>', 'plans of model that inf races beside the plans of the other methods', '20')
    .addHelpText('after', modelHelp);
}

const program = new Command('enc')
  .description('Compresses convolutional networks by low-rank factorisation.')
  .configureOutput({ writeOut: (text) => process.stderr.write(text) });

function command(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--json', 'print exactly one JSON object on stdout')
    .option('--backend <name>', 'auto, webgpu, wasm or cpu', 'auto');
}

command('inspect', 'list the layers of a network, their cost and what can be cut')
  .argument('<model...>', 'the network: its file or files, their folder, or a zip of them')
  .action((model: string[], raw: RawOptions) => inspect(model, common(raw)));

withImages(command('evaluate', 'measure accuracy on labelled images'))
  .argument('<model...>', 'the network: its file or files, their folder, or a zip of them')
  .action((model: string[], raw: RawOptions) => {
    const data =
      raw.data ?? fail('invalid-request', 'enc evaluate: expected --data with images, found none.');
    return evaluate(model, { ...common(raw), ...imageOptions(raw), data });
  });

withLayers(
  withImages(command('curves', 'print the curve of every layer, from its weights or measured on images')),
)
  .argument('<model...>', 'the network: its file or files, their folder, or a zip of them')
  .option('--metric <name>', idsOf(curveMetrics()), firstMetric)
  .option('--ranks <k>', 'measure at most k ranks per layer; the default is 9')
  .option('--exhaustive', 'measure that many ranks on every image, also where it cannot matter')
  .option('--repair', 're-fit every layer before it is measured, to foretell a network that will be repaired')
  .option('--calibration <files...>', 'images for that; otherwise those of --data that follow the first n')
  .option('--calibration-images <n>', 'how many of them')
  .option('--seed <n>', 'for the choice of pixels', '0')
  .option('--out <file>', 'also write the curves as JSON, for --curves of plan and compress')
  .action((model: string[], raw: RawOptions) =>
    curves(model, {
      ...common(raw),
      ...imageOptions(raw),
      ...layerOptions(raw),
      metric: parseMetric(raw.metric ?? '', curveMetrics()),
      data: raw.data ?? null,
      ranks: raw.ranks === undefined ? null : Math.max(2, parseCount('--ranks', raw.ranks)),
      exhaustive: raw.exhaustive ?? false,
      out: raw.out ?? null,
      repair: raw.repair === true ? curveRepair(raw) : null,
    }),
  );

withPreprocessing(withPlans(command('plan', 'choose a rank per layer for a target')))
  .argument('[model...]', 'the network: its file or files, their folder, or a zip of them')
  .option('--tables <folder>', "the authors' tables instead of a network")
  .requiredOption('--target <share>', 'share of the MACs to keep, 0 to 1')
  .option('--top <n>', 'also print the n best plans of model', '1')
  .option('--selection <files...>', 'images that inf races plans on')
  .option('--selection-images <n>', 'how many of them', String(defaultSelection))
  .option('--seed <n>', 'for the choice of images', '0')
  .action((model: string[], raw: RawOptions) => {
    const options = {
      ...common(raw),
      target: target(raw.target ?? ''),
      space: modelSpace(raw),
      top: parseCount('--top', raw.top ?? ''),
    };
    const method = parseMethod(raw.method);
    if (raw.tables !== undefined) {
      if (method.needs.images)
        return fail('invalid-request', `--method ${method.id}: expected a network to run, found tables.`);
      const metric = parseMetric(raw.metric ?? firstMetric, tableMetrics(), '--metric with --tables');
      return planFromTables(raw.tables, { ...options, method, metric });
    }
    if (model.length === 0)
      fail('invalid-request', 'enc plan: expected a network or --tables, found neither.');
    return plan(model, {
      ...options,
      ...imageOptions(raw),
      ...layerOptions(raw),
      ...curveOptions(raw),
      method,
      race: raceOptions(raw),
    });
  });

withPlans(withImages(command('compress', 'write a smaller network')))
  .argument('<model...>', 'the network: its file or files, their folder, or a zip of them')
  .option('--target <share>', 'share of the MACs to keep, 0 to 1')
  .option('--ranks <file>', 'a JSON file from layer name to rank, instead of a target')
  .requiredOption(
    '--out <file>',
    `where to write the smaller network; the ending says how: ${outEndingsText()}`,
  )
  .option('--repair', 're-fit the factors on unlabelled calibration images')
  .option('--calibration <files...>', 'images for repair; otherwise some of --data, which then do not count')
  .option('--calibration-images <n>', 'how many images repair looks at', '500')
  .option(
    '--selection <files...>',
    'images that inf races plans on, and to measure curves on where --metric needs them without --curves',
  )
  .option(
    '--selection-images <n>',
    'how many of them; without --selection, those that follow the calibration images',
    String(defaultSelection),
  )
  .option('--seed <n>', 'for the choice of images', '0')
  .action((model: string[], raw: RawOptions) =>
    compress(model, {
      ...common(raw),
      ...imageOptions(raw),
      ...layerOptions(raw),
      ...curveOptions(raw),
      data: raw.data ?? null,
      target: raw.target === undefined ? null : target(raw.target),
      method: parseMethod(raw.method),
      space: modelSpace(raw),
      race: raceOptions(raw),
      ranks: raw.ranks ?? null,
      repair: raw.repair === true ? repairOptions(raw) : null,
      selection: {
        files: raw.selection ?? null,
        count: parseCount('--selection-images', raw.selectionImages ?? ''),
      },
      out: raw.out ?? '',
    }),
  );

withPlans(withImages(command('figure', 'measure accuracy against the share of MACs, for every method')))
  .argument('<model...>', 'the network: its file or files, their folder, or a zip of them')
  .option('--targets <list>', 'first:last:step, or shares with commas', '0.2:0.9:0.1')
  .option('--methods <list>', `with commas: ${idsOf(methods.all)}`, defaultMethods())
  .option('--selection <files...>', 'images that inf races plans on')
  .option('--selection-images <n>', 'how many of them', String(defaultSelection))
  .option('--seed <n>', 'for the choice of images', '0')
  .option('--out <file>', 'where to write the figure as JSON')
  .option('--svg <file>', 'where to draw it')
  .action((model: string[], raw: RawOptions) =>
    figure(model, {
      ...common(raw),
      ...imageOptions(raw),
      ...layerOptions(raw),
      ...curveOptions(raw),
      data: raw.data ?? fail('invalid-request', 'enc figure: expected --data with images, found none.'),
      targets: parseTargets(raw.targets ?? ''),
      methods: (raw.methods ?? '').split(',').map((name) => parseMethod(name.trim())),
      space: modelSpace(raw),
      race: raceOptions(raw),
      out: raw.out ?? null,
      svg: raw.svg ?? null,
    }),
  );

try {
  await program.parseAsync();
} catch (error) {
  // A failure is a sentence for a person; anything else is a bug and shows where it happened.
  process.stderr.write(
    `${error instanceof FailureError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exitCode = 1;
}
