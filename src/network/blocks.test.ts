import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blocksOf } from './blocks';
import { drawNetwork } from './drawing';
import type { GraphNode } from './graph';
import { activation, networkOf, nodeOf, randomDense, seededNumbers } from './testing/builders';

const layer = randomDense(seededNumbers(1), 4, 4);
const add = { kind: 'add' } as const;

const blocks = (nodes: readonly GraphNode[]) => blocksOf(drawNetwork(networkOf([4], nodes))!);

test('blocks end where their ways come together, and what stands before the first is one of its own', () => {
  const nodes = [
    nodeOf('stem', ['image'], layer),
    nodeOf('project', ['stem:0'], layer),
    nodeOf('one', ['stem:0'], layer),
    nodeOf('two', ['one:0'], layer),
    nodeOf('sum', ['project:0', 'two:0'], add),
    nodeOf('bent', ['sum:0'], activation('relu')),
    nodeOf('three', ['bent:0'], layer),
    nodeOf('again', ['three:0', 'bent:0'], add),
    nodeOf('last', ['again:0'], layer),
  ];
  expect(blocks(nodes)).toEqual([['stem'], ['project', 'one', 'two'], ['three'], ['last']]);
});

test('a chain is one block', () => {
  const nodes = [nodeOf('a', ['image'], layer), nodeOf('b', ['a:0'], layer), nodeOf('c', ['b:0'], layer)];
  expect(blocks(nodes)).toEqual([['a', 'b', 'c']]);
});

test('a chain parts where pictures shrink', () => {
  const nodes = (['layer', 'layer', 'pool', 'layer', 'pool', 'pool', 'layer'] as const).map((kind, at) => ({
    ...{ name: `${kind}${at}`, kind, column: at, row: 0 },
    from: at === 0 ? [] : [at - 1],
  }));
  expect(blocksOf({ nodes })).toEqual([['layer0', 'layer1'], ['layer3'], ['layer6']]);
});

test('a way from the image around layers holds them together', () => {
  const node = (kind: 'layer' | 'join', at: number, from: readonly number[]) =>
    ({ name: `${kind}${at}`, kind, column: at, row: 0, from }) as const;
  const nodes = [
    node('layer', 0, []),
    node('layer', 1, [0]),
    node('join', 2, [0, 1]),
    node('layer', 3, []),
    node('join', 4, [2, 3]),
    node('layer', 5, [4]),
  ];
  expect(blocksOf({ nodes })).toEqual([['layer0', 'layer1', 'layer3'], ['layer5']]);
});

test('every layer is in one block, in network order, and no line leads around an end of a block', () => {
  const kinds = fc.constantFrom('layer' as const, 'join' as const, 'pool' as const);
  const drawn = fc.array(fc.tuple(kinds, fc.array(fc.nat(), { maxLength: 2 })), { minLength: 1 });
  fc.assert(
    fc.property(drawn, (parts) => {
      const nodes = parts.map(([kind, reads], at) => ({
        ...{ name: `${at}`, kind, column: at, row: 0 },
        from: at === 0 ? [] : [...new Set(reads.map((read) => read % at))],
      }));
      const found = blocksOf({ nodes });
      const layers = nodes.filter(({ kind }) => kind === 'layer').map(({ name }) => name);
      expect(found.flat()).toEqual(layers);
      for (const block of found.slice(1)) {
        const [first] = block;
        const crossing = nodes
          .slice(Number(first))
          .flatMap(({ from }) => from)
          .filter((source) => source < Number(first));
        // Between two blocks all lines come from one node, though what has no layer may stand between.
        const before = nodes.slice(0, Number(first)).filter(({ kind }) => kind === 'layer');
        const inLayers = crossing.filter((source) => source <= Number(before.at(-1)!.name));
        expect(new Set(inLayers).size).toBeLessThanOrEqual(1);
      }
    }),
  );
});
