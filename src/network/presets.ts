import type { ChannelOrder, Preprocessing } from './images';

export type PresetId =
  'zero-to-one' | 'cifar-resnet56' | 'minus-one-to-one' | 'imagenet' | 'caffe' | 'samples' | 'raw';

/** A named way from pixels to the network's input, in pixel units: x = (pixel − mean) · scale. */
export interface Preset {
  readonly id: PresetId;
  readonly name: string;
  readonly mean: readonly number[];
  readonly scale: readonly number[];
  /** The order that the numbers are in and that networks trained so usually read; RGB where it is not said. */
  readonly channels?: ChannelOrder;
}

/** What networks are usually trained with, in the order in which detection prefers them among equals. */
export const presets: readonly Preset[] = [
  { id: 'zero-to-one', name: '0 to 1', mean: [0], scale: [1 / 255] },
  { id: 'samples', name: 'Samples: (pixel − 128) / 64', mean: [128], scale: [1 / 64] },
  { id: 'cifar-resnet56', name: 'CIFAR ResNet-56: (pixel − 128) / 128', mean: [128], scale: [0.0078125] },
  { id: 'minus-one-to-one', name: '−1 to 1', mean: [127.5], scale: [1 / 127.5] },
  {
    id: 'imagenet',
    name: 'ImageNet mean and deviation',
    mean: [123.675, 116.28, 103.53],
    scale: [1 / 58.395, 1 / 57.12, 1 / 57.375],
  },
  {
    id: 'caffe',
    name: 'Caffe: BGR minus ImageNet means',
    mean: [103.939, 116.779, 123.68],
    scale: [1],
    channels: 'bgr',
  },
  { id: 'raw', name: 'Raw: 0 to 255', mean: [0], scale: [1] },
];

/** A preset in one order of channels. */
export interface PresetCandidate {
  readonly preset: PresetId;
  readonly preprocessing: Preprocessing;
}

/** From this height on a network was more likely trained on photographs like ImageNet's. */
const photographHeight = 64;

/**
 * Every preset in every order that a network with so many input channels can read, each preset's own order first.
 * ImageNet's numbers hardly differ from (pixel − 128) / 64, so which of them goes first is told by the input's size.
 */
export function presetCandidates(inputChannels: number, inputHeight = 0): readonly PresetCandidate[] {
  const isFirst = ({ id }: Preset) =>
    id === 'zero-to-one' || (id === 'imagenet' && inputHeight >= photographHeight);
  const ordered = [...presets.filter(isFirst), ...presets.filter((preset) => !isFirst(preset))];
  return ordered.flatMap(({ id, mean, scale, channels = 'rgb' }) => {
    const orders: readonly ChannelOrder[] =
      inputChannels === 1 ? ['grey'] : channels === 'bgr' ? ['bgr', 'rgb'] : ['rgb', 'bgr'];
    return orders.map((order) => {
      // Numbers of one colour each follow their colour.
      const arrange = (values: readonly number[]) =>
        order === 'grey' ? [values[values.length >> 1]!] : order === channels ? values : values.toReversed();
      return { preset: id, preprocessing: { channels: order, mean: arrange(mean), scale: arrange(scale) } };
    });
  });
}

/** The preset with this identifier, prepared for a network with so many input channels; undefined for none. */
export function presetNamed(id: string, inputChannels: number): Preprocessing | undefined {
  return presetCandidates(inputChannels).find(({ preset }) => preset === id)?.preprocessing;
}
