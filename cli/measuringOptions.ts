import type { Command } from 'commander';
import type { QualityMetric } from '../src/compression/metrics/metric';
import { defaultSettings, sweepMinutesRange } from '../src/project/settings';
import { parseCount, parseNumber } from './inputs';
import type { SweepLimit, SweepOptions } from './measuring';
import {
  curveRepairOf,
  imagesOf,
  requestOf,
  targetOf,
  withImages,
  withLayers,
  type RawOptions,
} from './options';
import { curveMetrics, idsOf, parseMetric } from './planning';

/** Adds what decides the curves that are measured. @param metric the one that is taken unless another is asked for */
export function withMeasuring(
  command: Command,
  metric: string,
  offered: readonly QualityMetric[] = curveMetrics(),
): Command {
  return withLayers(withImages(command))
    .option('--metric <name>', idsOf(offered), metric)
    .option('--ranks <k>', 'measure at most k ranks per layer; the default is 9')
    .option('--exhaustive', 'measure that many ranks on every image, also where it cannot matter')
    .option(
      '--repair',
      're-fit every layer before it is measured, to foretell a network that will be repaired',
    )
    .option('--calibration <files...>', 'images for that; otherwise those of --data that follow the first n')
    .option('--calibration-images <n>', 'how many of them')
    .option('--seed <n>', 'for the choice of pixels', '0');
}

/** @throws FailureError `invalid-request` for a value that an option cannot have */
export function measuringOf(raw: RawOptions, offered: readonly QualityMetric[]): SweepOptions {
  return {
    ...imagesOf(raw),
    ...requestOf(raw),
    metric: parseMetric(raw.metric ?? '', offered),
    data: raw.data ?? null,
    ranks: raw.ranks === undefined ? null : Math.max(2, parseCount('--ranks', raw.ranks)),
    exhaustive: raw.exhaustive ?? false,
    repair: raw.repair === true ? curveRepairOf(raw) : null,
  };
}

/** Adds the time that measuring may take. */
export function withSweepLimit(command: Command): Command {
  return command
    .option('--minutes <n>', 'measure for about so long, every layer at least once; without it, to the end')
    .option(
      '--target <share>',
      `share of the MACs whose plans --minutes spends ranks and images on first; the default is ${defaultSettings.target}`,
    );
}

/** The time that measuring may take; null for no limit. @throws FailureError `invalid-request` */
export function sweepLimitOf({ minutes, target }: RawOptions): SweepLimit | null {
  if (minutes === undefined) return null;
  const { min, max } = sweepMinutesRange;
  return {
    minutes: parseNumber('--minutes', minutes, min, max),
    target: target === undefined ? defaultSettings.target : targetOf(target),
  };
}
