import type { Command } from 'commander';
import { defaultDistil, optimisers, type OptimiserName } from '../src/compression/steps/distil';
import { fail } from '../src/network/failure';
import type { DistilOptions } from './distilling';
import { parseCount, parseNumber } from './inputs';
import type { RawOptions } from './options';

/** Adds distillation. */
export function withDistil(command: Command): Command {
  return command
    .option(
      '--distil',
      'then train towards the original’s answers on the same images, and keep the best state',
    )
    .option('--epochs <n>', 'times that --distil goes through the images', String(defaultDistil.epochs))
    .option('--stop-after <n>', 'epochs behind which --distil ends early, as the page’s “Stop and keep” does')
    .option('--minutes <n>', 'after which --distil begins no other epoch')
    .option('--rate <x>', 'greatest learning rate of --distil', String(defaultDistil.rate))
    .option(
      '--optimiser <name>',
      `how --distil moves weights: ${optimisers.join(', ')}`,
      defaultDistil.optimiser,
    )
    .option(
      '--views <n>',
      'epochs of --distil behind which images are seen again as they were changed before; 0 for never',
      String(defaultDistil.views),
    )
    .option('--zoom <x>', 'by which share images grow or shrink at most in --distil; default 0')
    .option('--windows <x>', 'share of the images that others cover in a window in --distil; default 0')
    .option(
      '--temperature <x>',
      'what the answers are softened by in --distil',
      String(defaultDistil.temperature),
    )
    .option('--blocks <x>', 'how much the distance of the blocks’ outputs counts in --distil; default 0')
    .option('--labels', 'let the images’ labels count in --distil, too');
}

/** How to distil; null where nobody asks for it. */
export function distilOf(raw: RawOptions): DistilOptions | null {
  const { epochs, stopAfter, minutes, labels, rate, optimiser, blocks, views, zoom, windows, temperature } =
    raw;
  if (raw.distil !== true) return null;
  return {
    ...(epochs === undefined ? {} : { epochs: parseCount('--epochs', epochs) }),
    ...(stopAfter === undefined ? {} : { stop: parseCount('--stop-after', stopAfter) }),
    ...(minutes === undefined ? {} : { minutes: parseNumber('--minutes', minutes, 0, 10_000) }),
    ...(rate === undefined ? {} : { rate: parseNumber('--rate', rate, 0, 10) }),
    ...(optimiser === undefined ? {} : { optimiser: optimiserOf(optimiser) }),
    ...(blocks === undefined ? {} : { blocks: parseNumber('--blocks', blocks, 0, 1000) }),
    ...(views === undefined ? {} : { views: viewsOf(views) }),
    ...(zoom === undefined ? {} : { zoom: parseNumber('--zoom', zoom, 0, 0.9) }),
    ...(windows === undefined ? {} : { windows: parseNumber('--windows', windows, 0, 1) }),
    ...(temperature === undefined
      ? {}
      : { temperature: parseNumber('--temperature', temperature, 0.1, 100) }),
    ...(labels === true ? { labels: 1 } : {}),
  };
}

function optimiserOf(text: string): OptimiserName {
  return (
    optimisers.find((name) => name === text) ??
    fail(
      'invalid-request',
      `--optimiser: expected ${optimisers.join(', ')}, found "${text}"; choose one of these.`,
    )
  );
}

/** Ways in which images are seen; 0 for ever new ones. */
function viewsOf(text: string): number {
  return text === '0' ? 0 : parseCount('--views', text);
}
