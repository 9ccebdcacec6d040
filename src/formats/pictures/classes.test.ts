import { expect, it } from 'vitest';
import { namesByIndex } from './classes';

it('names classes by their index, those without a name by the index itself', () => {
  const indices = new Map([
    ['bird', 2],
    ['cat', 0],
  ]);
  const sources = { listed: null, ofNetwork: null, count: 4 };
  expect(namesByIndex(indices, sources)).toEqual(['cat', '1', 'bird', '3']);
});

it('takes more classes than a call may have arguments', () => {
  const count = 300_000;
  const indices = new Map(Array.from({ length: count }, (_, index) => [`class ${index}`, index]));
  const names = namesByIndex(indices, { listed: null, ofNetwork: null, count: null });
  expect([names.length, names.at(-1)]).toEqual([count, `class ${count - 1}`]);
});
