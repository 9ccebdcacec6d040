import { presetCandidates, presets, type PresetId } from '../network/presets';
import type { ChannelOrder, Preprocessing } from '../network/images';
import { inputChannels } from '../network/inputImage';
import { preprocessingFor } from '../network/inputScaling';
import type { PixelRange } from '../network/reading';
import type { NetworkSummary } from '../../workers/protocol/summaries';
import type { ProjectState } from './state';

export { presets, type Preset } from '../network/presets';

export type PresetChoice = PresetId | 'custom';

/**
 * The preset that a preprocessing equals, or `custom`. A preset's numbers may be in its own order, or follow their
 * colours to the order that the preprocessing has.
 */
export function presetOf(preprocessing: Preprocessing): PresetChoice {
  const found = presets.find(({ mean, scale }) =>
    samePreprocessing({ ...preprocessing, mean, scale }, preprocessing),
  );
  if (found) return found.id;
  const channels = preprocessing.channels === 'grey' ? 1 : 3;
  const arranged = presetCandidates(channels).find((candidate) =>
    samePreprocessing(candidate.preprocessing, preprocessing),
  );
  return arranged?.preset ?? 'custom';
}

/** Whether two ways from pixels to the input are the same; one number stands for every channel. */
export function samePreprocessing(a: Preprocessing, b: Preprocessing): boolean {
  return a.channels === b.channels && sameNumbers(a.mean, b.mean) && sameNumbers(a.scale, b.scale);
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  const length = Math.max(a.length, b.length);
  const at = (values: readonly number[], index: number) => values[values.length === 1 ? 0 : index];
  return Array.from({ length }, (_, index) => at(a, index) === at(b, index)).every(Boolean);
}

/** The channel order to start with for a network that reads so many channels. */
export function defaultChannels(inputChannels: number, current: ChannelOrder): ChannelOrder {
  if (inputChannels === 1) return 'grey';
  return current === 'grey' ? 'rgb' : current;
}

/** The preprocessing with one mean and one scale for every channel of the network's input. */
export function forChannels(preprocessing: Preprocessing, inputChannels: number): Preprocessing {
  const spread = (values: readonly number[]) =>
    Array.from(
      { length: inputChannels },
      (_, channel) => values[values.length === 1 ? 0 : channel] ?? values[0] ?? 0,
    );
  return { ...preprocessing, mean: spread(preprocessing.mean), scale: spread(preprocessing.scale) };
}

/**
 * The preprocessing that a network's files say, or that its own scaling of its input shows.
 *
 * @returns null where neither does
 */
export function preprocessingOf({
  preprocessing,
  scaling,
  input,
}: Pick<NetworkSummary, 'preprocessing' | 'scaling' | 'input'>): Preprocessing | null {
  return preprocessing ?? (scaling && preprocessingFor(scaling, inputChannels(input.shape)));
}

/**
 * The preprocessing by which values reach the network as they stand in their file, where that is no common one; null
 * for bytes, and for ranges that say nothing of what the network reads.
 *
 * @param range that the file's values were read in; null or absent for bytes
 */
export function asStored(range: PixelRange | null | undefined, channels: ChannelOrder): Preprocessing | null {
  if (range === 'as-is') return { channels, mean: [0], scale: [1] };
  return range?.from === -1 && range.to === 1 ? { channels, mean: [127.5], scale: [1 / 127.5] } : null;
}

/** The present preprocessing, {@link forChannels} of the network's input. */
export function inputPreprocessing({
  network,
  document,
}: Pick<ProjectState, 'network' | 'document'>): Preprocessing {
  const channels = network ? inputChannels(network.summary.input.shape) : 3;
  return forChannels(document.settings.preprocessing, channels);
}

/**
 * Reads one number, or one per channel, separated by commas or spaces.
 *
 * @returns the numbers, or a sentence that says what is wrong
 */
export function parseNumbers(text: string): readonly number[] | string {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  if (words.length !== 1 && words.length !== 3) return 'Give one number, or three separated by commas.';
  // A person may paste a typographic minus.
  const numbers = words.map((word) => Number(word.replace('−', '-')));
  const wrong = words[numbers.findIndex((number) => !Number.isFinite(number))];
  return wrong === undefined ? numbers : `"${wrong}" is not a number.`;
}

/** The numbers of a mean or scale as a person would type them. */
export function numbersText(values: readonly number[]): string {
  const shown = values.every((value) => value === values[0]) ? values.slice(0, 1) : values;
  return shown.map((value) => String(Number(value.toPrecision(7)))).join(', ');
}

/** "RGB, (pixel − 128) × 0.0078125" */
export function describePreprocessing(preprocessing: Preprocessing): string {
  const order = { rgb: 'RGB', bgr: 'BGR', grey: 'grey' }[preprocessing.channels];
  const preset = presets.find((candidate) => candidate.id === presetOf(preprocessing));
  if (preset) return `${order}, ${preset.name.split(':')[0] ?? preset.name}`;
  return `${order}, (pixel − ${numbersText(preprocessing.mean)}) × ${numbersText(preprocessing.scale)}`;
}
