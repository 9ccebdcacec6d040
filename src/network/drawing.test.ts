import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawNetwork } from './drawing';
import type { GraphNode } from './graph';
import { activation, networkOf, nodeOf, randomDense, seededNumbers } from './testing/builders';

const layer = randomDense(seededNumbers(1), 4, 4);
const add = { kind: 'add' } as const;
const relu = activation('relu');

const placesOf = (nodes: readonly GraphNode[]) =>
  Object.fromEntries(
    drawNetwork(networkOf([4], nodes))!.nodes.map(({ name, column, row }) => [name, [column, row]]),
  );

test('a chain is one row, and activations are part of its lines', () => {
  const nodes = [
    nodeOf('a', ['image'], layer),
    nodeOf('bent', ['a:0'], relu),
    nodeOf('b', ['bent:0'], layer),
  ];
  expect(drawNetwork(networkOf([4], nodes))).toEqual({
    nodes: [
      { name: 'a', kind: 'layer', column: 0, row: 0, from: [] },
      { name: 'b', kind: 'layer', column: 1, row: 0, from: [0] },
    ],
    columns: 2,
    rows: 1,
  });
});

test('a block goes on in the row that it began in, and its projection stands beside it', () => {
  const nodes = [
    nodeOf('first', ['image'], layer),
    nodeOf('project', ['first:0'], layer),
    nodeOf('one', ['first:0'], layer),
    nodeOf('two', ['one:0'], layer),
    nodeOf('sum', ['project:0', 'two:0'], add),
    nodeOf('bent', ['sum:0'], relu),
    nodeOf('three', ['bent:0'], layer),
    nodeOf('again', ['three:0', 'bent:0'], add),
    nodeOf('last', ['again:0'], layer),
  ];
  expect(placesOf(nodes)).toEqual({
    first: [0, 0],
    one: [1, 0],
    project: [1, 1],
    two: [2, 0],
    sum: [3, 0],
    three: [4, 0],
    again: [5, 0],
    last: [6, 0],
  });
});

test('a sum of a value with itself or with a constant is a line', () => {
  const nodes = [
    nodeOf('a', ['image'], layer),
    nodeOf('twice', ['a:0', 'a:0'], add),
    nodeOf('withImage', ['twice:0', 'image'], add),
  ];
  expect(placesOf(nodes)).toEqual({ a: [0, 0] });
});

test('whatever the graph, no two nodes share a place, and everything stands behind what it reads', () => {
  const anyGraph = fc.array(fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const nodes = graph.map((reads, at) => {
        const inputs = reads.map((number) =>
          number % (at + 1) === 0 ? 'image' : `n${(number % (at + 1)) - 1}:0`,
        );
        return nodeOf(`n${at}`, inputs, inputs.length > 1 ? add : layer);
      });
      const drawing = drawNetwork(networkOf([4], nodes));
      if (!drawing) return;
      const places = drawing.nodes.map(({ column, row }) => `${column} ${row}`);
      expect(new Set(places).size).toBe(places.length);
      for (const { column, row, from } of drawing.nodes) {
        expect(column).toBeLessThan(drawing.columns);
        expect(row).toBeLessThan(drawing.rows);
        expect(from.every((at) => drawing.nodes[at]!.column < column)).toBe(true);
      }
    }),
  );
});

test('what no picture can show is not drawn', () => {
  const many = Array.from({ length: 1001 }, (_, at) =>
    nodeOf(`a${at}`, [at > 0 ? `a${at - 1}:0` : 'image'], layer),
  );
  expect(drawNetwork(networkOf([4], many))).toBeNull();
  expect(drawNetwork(networkOf([4], many.slice(0, 1000)))?.columns).toBe(1000);
  expect(drawNetwork(networkOf([4], [nodeOf('bent', ['image'], relu)]))).toBeNull();
});
