import { describe, expect, it } from 'vitest';
import { parseShallowJson, tooDeep } from './shallowJson';

const nested = (levels: number, open: string, close: string) => open.repeat(levels) + close.repeat(levels);

describe('JSON from outside', () => {
  it.each([
    ['lists', nested(128, '[', ']')],
    ['objects', `${'{"a":'.repeat(127)}{}${'}'.repeat(127)}`],
    ['brackets that are text', JSON.stringify('\\"[{'.repeat(1e5))],
    ['many lists beside one another', `[${'[],'.repeat(1e5)}[]]`],
  ])('is what JSON.parse says: %s', (_, text) => {
    expect(parseShallowJson(text)).toEqual(JSON.parse(text));
  });

  it.each([
    ['lists', nested(129, '[', ']')],
    ['a hundred thousand lists', nested(1e5, '[', ']')],
    ['objects', `${'{"a":'.repeat(1e5)}1${'}'.repeat(1e5)}`],
    ['lists in objects behind text', `["]",${'{"a":['.repeat(70)}1${']}'.repeat(70)}]`],
  ])('is refused where it lies too deep inside itself: %s', (_, text) => {
    expect(() => parseShallowJson(text)).toThrow(new SyntaxError(tooDeep));
  });
});
