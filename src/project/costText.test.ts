import { expect, it } from 'vitest';
import { amountText, costNoun } from './costText';

it('says every cost in its own unit', () => {
  expect(amountText('macs', 18_760_000)).toBe('18.76\u00a0M MACs');
  expect(amountText('parameters', 640)).toBe('640 parameters');
  expect(amountText('bytes', 1_080_000)).toBe('1.08\u00a0MB');
  expect(amountText('time', 3.1)).toBe('3.10\u00a0ms');
  expect(['macs', 'time'].map(costNoun)).toEqual(['MACs', 'time']);
});
