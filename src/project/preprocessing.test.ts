import { describe, expect, it } from 'vitest';
import { presetCandidates } from '../network/presets';
import {
  defaultChannels,
  describePreprocessing,
  forChannels,
  numbersText,
  parseNumbers,
  presetOf,
  presets,
} from './preprocessing';

describe('presetOf', () => {
  it('finds every preset from its own numbers, given once or per channel', () => {
    for (const { id, mean, scale } of presets) {
      const once = { channels: 'rgb', mean, scale } as const;
      expect(presetOf(once)).toBe(id);
      expect(presetOf(forChannels(once, 3))).toBe(id);
    }
  });
  it('finds presets whose numbers were turned to another order, or cut to grey', () => {
    for (const channels of [1, 3]) {
      for (const { preset, preprocessing } of presetCandidates(channels)) {
        expect(presetOf(preprocessing)).toBe(preset);
      }
    }
    const { mean, scale } = presets.find(({ id }) => id === 'imagenet')!;
    expect(presetOf({ channels: 'bgr', mean: mean.toReversed(), scale: scale.toReversed() })).toBe(
      'imagenet',
    );
  });
  it('calls anything else custom', () => {
    expect(presetOf({ channels: 'rgb', mean: [1], scale: [1] })).toBe('custom');
  });
});

describe('the preset of ResNet-56', () => {
  it('takes pixels 0, 128 and 255 to −1, 0 and 127/128', () => {
    const { mean, scale } = presets.find((preset) => preset.id === 'cifar-resnet56')!;
    expect([0, 128, 255].map((pixel) => (pixel - mean[0]!) * scale[0]!)).toEqual([-1, 0, 127 / 128]);
  });
});

describe('parseNumbers', () => {
  it('reads one number or three', () => {
    expect(parseNumbers(' 128 ')).toEqual([128]);
    expect(parseNumbers('1, 2.5;−3')).toEqual([1, 2.5, -3]);
    expect(parseNumbers('1e-2')).toEqual([0.01]);
  });
  it('says what is wrong', () => {
    expect(parseNumbers('')).toBe('Give one number, or three separated by commas.');
    expect(parseNumbers('1, 2')).toBe('Give one number, or three separated by commas.');
    expect(parseNumbers('twelve')).toBe('"twelve" is not a number.');
    expect(parseNumbers('1,2,Infinity')).toBe('"Infinity" is not a number.');
  });
  it('reads back what it wrote', () => {
    expect(parseNumbers(numbersText([123.675, 116.28, 103.53]))).toEqual([123.675, 116.28, 103.53]);
    expect(numbersText([5, 5, 5])).toBe('5');
  });
});

describe('forChannels', () => {
  it('takes the first of three numbers for a grey input', () => {
    expect(forChannels({ channels: 'grey', mean: [1, 2, 3], scale: [4] }, 1)).toEqual({
      channels: 'grey',
      mean: [1],
      scale: [4],
    });
  });
});

describe('defaultChannels', () => {
  it('follows the network’s input and keeps a chosen colour order', () => {
    expect(defaultChannels(1, 'rgb')).toBe('grey');
    expect(defaultChannels(3, 'grey')).toBe('rgb');
    expect(defaultChannels(3, 'bgr')).toBe('bgr');
  });
});

describe('describePreprocessing', () => {
  it('names the preset, or the formula', () => {
    expect(describePreprocessing({ channels: 'rgb', mean: [128], scale: [0.0078125] })).toBe(
      'RGB, CIFAR ResNet-56',
    );
    expect(describePreprocessing({ channels: 'bgr', mean: [1], scale: [2] })).toBe('BGR, (pixel − 1) × 2');
  });
});
