import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { activation, networkOf, nodeOf } from '../network/testing/builders';
import { groupNodes } from './fusion';
import { frontierBefore, scheduleSteps } from './schedule';

/** image → a → b → c, and d = b + image. */
const network = networkOf(
  [2, 2, 1],
  [
    nodeOf('a', ['image'], activation('relu')),
    nodeOf('b', ['a:0'], activation('relu')),
    nodeOf('c', ['b:0'], activation('relu')),
    nodeOf('d', ['b:0', 'image'], { kind: 'add' }),
  ],
  ['c:0', 'd:0'],
);
const groups = groupNodes(network, { fuse: false });
const steps = (given: string[], wanted: string[]) =>
  scheduleSteps(groups, new Set(given), wanted).entries.map((entry) => groups[entry.step]!.head.name);

describe('scheduling', () => {
  test('runs only what is wanted', () => {
    expect(steps(['image'], ['b:0'])).toEqual(['a', 'b']);
    expect(steps(['image'], ['d:0'])).toEqual(['a', 'b', 'd']);
    expect(steps(['image'], [])).toEqual([]);
  });

  test('goes on from given values', () => {
    expect(steps(['b:0'], ['c:0'])).toEqual(['c']);
    expect(steps(['b:0', 'image'], ['c:0', 'd:0'])).toEqual(['c', 'd']);
    expect(steps(['b:0'], ['b:0'])).toEqual([]);
  });

  test('says what is missing', () => {
    expect(() => steps(['b:0'], ['d:0'])).toThrow('"image"');
    expect(() => steps(['image'], ['nothing'])).toThrow('"nothing"');
  });

  test('finds what must be at hand to go on from a step', () => {
    expect(frontierBefore(groups, 0, network.outputs)).toEqual(['image']);
    expect(frontierBefore(groups, 1, network.outputs)).toEqual(['a:0', 'image']);
    expect(frontierBefore(groups, 3, network.outputs)).toEqual(['b:0', 'image', 'c:0']);
  });

  test('drops every value right after its last reader and never what is given or wanted', () => {
    const arbitraryGraph = fc.array(fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(arbitraryGraph, fc.nat(), (sources, pick) => {
        const values = ['image'];
        const nodes = sources.map((reads, index) => {
          const inputs = reads.map((read) => values[read % values.length]!);
          values.push(`n${index}:0`);
          return nodeOf(`n${index}`, inputs, { kind: 'add' });
        });
        const all = groupNodes(networkOf([1], nodes), { fuse: false });
        const wanted = values[1 + (pick % nodes.length)]!;
        const { entries } = scheduleSteps(all, new Set(['image']), [wanted]);
        const live = new Set(['image']);
        entries.forEach(({ step, release }, place) => {
          all[step]!.inputs.forEach((input) => expect(live).toContain(input));
          live.add(all[step]!.output);
          for (const value of release) {
            expect(live.delete(value)).toBe(true);
            const later = entries.slice(place + 1).flatMap((entry) => all[entry.step]!.inputs);
            expect(later).not.toContain(value);
          }
        });
        expect(live).toEqual(new Set(['image', wanted]));
      }),
    );
  });
});
