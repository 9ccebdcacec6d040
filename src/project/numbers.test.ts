import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDifference,
  formatHalfWidth,
  formatPercent,
  formatQuality,
  formatSecondsLeft,
  formatTarget,
  shortLayerName,
} from './numbers';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('numbers for a person', () => {
  it.each([
    [0, '0'],
    [640, '640'],
    [999, '999'],
    [1000, '1.000 k'],
    [855_770, '855.8 k'],
    [999_960, '1.000 M'],
    [126_534_272, '126.5 M'],
    [19_632_062_464, '19.63 G'],
  ])('counts: %d is %s', (count, text) => expect(plain(formatCount(count))).toBe(text));

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [3_534_000, '3.53 MB'],
    [999_999, '1.00 MB'],
    [12_345_678, '12.3 MB'],
  ])('bytes: %d is %s', (bytes, text) => expect(plain(formatBytes(bytes))).toBe(text));

  it('percentages keep their decimals, targets only where they have some', () => {
    expect(plain(formatPercent(0.5))).toBe('50.0 %');
    expect(plain(formatTarget(0.5))).toBe('50 %');
    expect(plain(formatTarget(0.495))).toBe('49.5 %');
  });

  it('half of an interval in points, tiny qualities and differences in powers of ten', () => {
    expect(formatHalfWidth({ low: 0.9, high: 0.934 })).toBe('±1.7');
    expect(formatQuality(0.7123)).toBe('0.712');
    expect(formatQuality(2.9e-7)).toBe('2.9e-7');
    expect(formatDifference(0)).toBe('0');
    expect(formatDifference(3.14e-7)).toBe('3.1e-7');
  });

  it('time left, never nothing', () => {
    expect(plain(formatSecondsLeft(0.2))).toBe('1 s left');
    expect(plain(formatSecondsLeft(12.4))).toBe('12 s left');
    expect(plain(formatSecondsLeft(180))).toBe('3 min left');
  });
});

describe('shortLayerName', () => {
  it.each([
    ['/group0_block0_conv0/Conv', 'group0_block0_conv0'],
    ['/layer1/layer1.0/conv1/Conv_2', 'layer1/layer1.0/conv1'],
    ['Conv_0', 'Conv_0'],
    ['fc', 'fc'],
    ['/', '/'],
  ])('%s is %s', (name, short) => expect(shortLayerName(name)).toBe(short));
});
