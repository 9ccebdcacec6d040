import { fail } from '../src/network/failure';
import type { Shape } from '../src/network/graph';
import type { ChannelOrder, Preprocessing } from '../src/network/images';
import { inputChannels } from '../src/network/inputImage';
import { presetNamed, presets } from '../src/network/presets';

/** How pixels become the network's input, as given on the command line. */
export interface PreprocessingOptions {
  readonly channels?: string;
  readonly mean?: string;
  readonly scale?: string;
  /** A preset's name, or `detect`. */
  readonly preprocess?: string;
}

/**
 * Preprocessing from the command line; what is not given is as the network's own files state it, or RGB (grey
 * for one channel), mean 0 and scale 1/255.
 *
 * @param input shape of the network's input
 */
export function parsePreprocessing(
  options: PreprocessingOptions,
  input: Shape,
  stated: Preprocessing | null = null,
): Preprocessing {
  const count = inputChannels(input);
  if (options.preprocess !== undefined) stated = namedPreset(options.preprocess, count);
  const channels = options.channels ?? stated?.channels ?? (count === 1 ? 'grey' : 'rgb');
  if (!isChannelOrder(channels)) {
    return fail(
      'invalid-request',
      `--channels: expected rgb, bgr or grey, found "${channels}"; choose one of these.`,
    );
  }
  return {
    channels,
    mean:
      options.mean === undefined
        ? (stated?.mean ?? Array<number>(count).fill(0))
        : parseNumbers('--mean', options.mean, count, (value) => Math.abs(value) <= most),
    scale:
      options.scale === undefined
        ? (stated?.scale ?? [1 / 255])
        : parseNumbers('--scale', options.scale, count, isScale),
  };
}

/** Whether an option says anything of the preprocessing. */
export function statesPreprocessing({ channels, mean, scale, preprocess }: PreprocessingOptions): boolean {
  return [channels, mean, scale, preprocess].some((option) => option !== undefined);
}

/** @throws FailureError `invalid-request` for a name that is no preset's */
function namedPreset(name: string, count: number): Preprocessing {
  const known = ['detect', ...presets.map(({ id }) => id)].join(', ');
  return (
    presetNamed(name, count) ??
    fail('invalid-request', `--preprocess: expected one of ${known}, found "${name}"; choose one of these.`)
  );
}

function isChannelOrder(text: string): text is ChannelOrder {
  return text === 'rgb' || text === 'bgr' || text === 'grey';
}

/** Beyond this nothing is left of a pixel in float32. */
const most = 1e6;
const isScale = (value: number) => Math.abs(value) <= most && Math.abs(value) >= 1 / most;

function parseNumbers(
  option: string,
  text: string,
  count: number,
  isUsable: (value: number) => boolean,
): number[] {
  const numbers = text.split(',').map(Number);
  const fits =
    (numbers.length === 1 || numbers.length === count) &&
    numbers.every(Number.isFinite) &&
    !/(^|,)\s*(,|$)/.test(text);
  const unusable = fits ? numbers.find((value) => !isUsable(value)) : undefined;
  if (unusable !== undefined)
    fail(
      'invalid-request',
      `${option}: expected numbers that leave something of a pixel, found ${unusable}; give some of up to ${most.toLocaleString('en-US')}${option === '--scale' ? ', and none below a millionth' : ''}.`,
    );
  if (!fits) {
    return fail(
      'invalid-request',
      `${option}: expected one number or ${count}, separated by commas, found "${text}"; write 123.7,116.3,103.5, for instance.`,
    );
  }
  return numbers.length === count ? numbers : Array<number>(count).fill(numbers[0]!);
}
