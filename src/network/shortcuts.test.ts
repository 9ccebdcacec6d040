import { expect, test } from 'vitest';
import type { GraphNode, Network, Operator } from './graph';
import { shortcutBlocks } from './shortcuts';
import { activation, chainOf, randomDense, seededNumbers } from './testing/builders';

const layer = randomDense(seededNumbers(1), 2, 2);
const [relu, add] = [activation('relu'), { kind: 'add' } as const];

/** A network of nodes that are called like the values that they make; its input is `in`. */
function networkOf(nodes: readonly (readonly [string, Operator, ...string[]])[]): Network {
  const { input, ...rest } = chainOf([2], [layer]);
  const made = nodes.map(([name, operator, ...inputs]): GraphNode => ({
    name,
    operator,
    inputs,
    output: name,
  }));
  return { ...rest, input: { ...input, name: 'in' }, nodes: made };
}

test('a projection leads around the layers between its input and the sum, whatever else reads or feeds them', () => {
  const network = networkOf([
    ['before', layer, 'in'],
    ['one', layer, 'before'],
    ['bent', relu, 'one'],
    ['aside', layer, 'one'],
    ['two', layer, 'bent'],
    ['project', layer, 'before'],
    ['sum', add, 'project', 'two'],
    ['behind', layer, 'sum'],
  ]);
  expect([...shortcutBlocks(network)]).toEqual([['project', ['one', 'two']]]);
});

test.each([
  ['of a long chain', [['one', layer, 'in'] as const], 19_000],
  ['of a chain that begins with the input', [], 19_000],
])('the end %s is no block, and no depth is too great', (_, first, length) => {
  const chain = Array.from({ length }, (_, at) => {
    const from = at > 0 ? `a${at - 1}` : (first[0]?.[0] ?? 'in');
    return [`a${at}`, at % 2 ? layer : relu, from] as const;
  });
  const network = networkOf([
    ...first,
    ...chain,
    ['project', layer, 'in'],
    ['sum', add, `a${length - 1}`, 'project'],
  ]);
  expect(shortcutBlocks(network).size).toBe(0);
});

test('thousands of blocks are each looked at by themselves', () => {
  const blocks = Array.from({ length: 4000 }, (_, at) => {
    const from = at > 0 ? `sum${at - 1}` : 'in';
    return [
      [`one${at}`, layer, from],
      [`two${at}`, layer, `one${at}`],
      [`project${at}`, layer, from],
      [`sum${at}`, add, `two${at}`, `project${at}`],
    ] as const;
  });
  const found = shortcutBlocks(networkOf(blocks.flat()));
  expect([...found]).toEqual(blocks.map((_, at) => [`project${at}`, [`one${at}`, `two${at}`]]));
});

test('norms between a projection and the sum are looked through, and thousands of them are not', () => {
  const withNorms = (count: number) => {
    const norms = Array.from(
      { length: count },
      (_, at) =>
        [`n${at}`, { kind: 'identity', origin: 'identity' }, at > 0 ? `n${at - 1}` : 'project'] as const,
    );
    const block = [
      ['one', layer, 'in'] as const,
      ['two', layer, 'one'] as const,
      ['project', layer, 'in'] as const,
    ];
    return networkOf([...block, ...norms, ['sum', add, 'two', `n${count - 1}`]]);
  };
  expect([...shortcutBlocks(withNorms(2)).keys()]).toEqual(['project']);
  expect(shortcutBlocks(withNorms(15_000)).size).toBe(0);
});
