import type { Command } from 'commander';
import { racedMethods } from '../../src/compression/methods';
import { command, needsData, withModel } from '../commandParts';
import { merge } from '../commands/merge';
import { race } from '../commands/race';
import { planSweep, sweep } from '../commands/sweep';
import { parseCount } from '../inputs';
import { measuringOf, withMeasuring } from '../measuringOptions';
import {
  commonOf,
  curveOf,
  imagesOf,
  requestOf,
  selectionOf,
  targetOf,
  withPlans,
  withPreprocessing,
  withReading,
  withSelection,
  type RawOptions,
} from '../options';
import { curveMetrics, parseMethod } from '../planning';
import { sharedOf, withShard } from './options';

/** Metrics whose curves are measured on images, the one that is taken by default first. */
function sweptMetrics() {
  return curveMetrics()
    .filter(({ needs }) => needs.images)
    .sort((a, b) => Number(b.id === 'divergence') - Number(a.id === 'divergence'));
}

/** Adds `enc sweep`. */
export function addSweep(program: Command): void {
  const about = 'measure a part of the layers’ curves, for enc merge to join; finished work is skipped';
  const offered = sweptMetrics();
  withShard(withMeasuring(withModel(command(program, 'sweep', about)), offered[0]!.id, offered))
    .option('--out <folder>', 'where results are put, one file a unit of work; shards share it')
    .option('--continue', 'go on with the sweep that --out states, with its images, layers and settings')
    .option('--plan <n>', 'only print how n shards would share the work, and predicted minutes')
    .action((model: string[], raw: RawOptions, self: Command) => {
      const options = {
        ...commonOf(raw),
        ...measuringOf({ ...raw, data: [...needsData(raw, 'sweep')] }, offered),
        ...sharedOf(raw, self),
        isContinued: raw.continue ?? false,
      };
      return raw.plan === undefined
        ? sweep(model, options)
        : planSweep(model, options, parseCount('--plan', raw.plan));
    });
}

/** Adds `enc race`. */
export function addRace(program: Command): void {
  const about = 'run a part of a race of plans, for enc merge to join; finished work is skipped';
  const own = withReading(withPreprocessing(withPlans(command(program, 'race', about))));
  withShard(withSelection(withModel(own), 'that plans are raced on'))
    .requiredOption('--target <share>', 'share of the MACs to keep, 0 to 1')
    .option('--out <folder>', 'where results are put, one file a unit of work; shards share it')
    .action((model: string[], raw: RawOptions, self: Command) =>
      race(model, {
        ...commonOf(raw),
        ...imagesOf(raw),
        ...requestOf(raw),
        ...curveOf(raw),
        ...sharedOf(raw, self),
        target: targetOf(raw.target ?? ''),
        method: self.getOptionValueSource('method') === 'cli' ? parseMethod(raw.method) : racedMethods()[0]!,
        race: selectionOf(raw),
      }),
    );
}

/** Adds `enc merge`. */
export function addMerge(program: Command): void {
  const about = 'join the results of shared work, or list what is missing and how to fill it';
  program
    .command('merge')
    .description(about)
    .argument('<folder>', 'where the results lie')
    .option('--out <file>', 'where to write what they say together')
    .option('--svg <file>', 'where to draw it, where it is a figure')
    .option('--watch', 'wait until nothing is missing, and say how far the work is')
    .option('--json', 'print exactly one JSON object on stdout')
    .action((folder: string, raw: RawOptions) =>
      merge(folder, {
        json: raw.json ?? false,
        out: raw.out ?? null,
        svg: raw.svg ?? null,
        watch: raw.watch ?? false,
      }),
    );
}
