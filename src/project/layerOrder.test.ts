import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { energyCurve } from '../enc/curve';
import {
  foundLayers,
  initialLayersView,
  keptMacs,
  layersViewSchema,
  lossOf,
  orderedBlocks,
  orderedLayers,
  type LayerOrder,
} from './layerOrder';
import { layer } from './testing/states';

const layers = [
  layer('/stage10/b/Conv', { macs: 4000 }),
  layer('/stage2/a/Conv', { macs: 1000 }),
  layer('/stage2/B/Conv', { macs: 2000, macsPerRank: 200 }),
  layer('classes', { macs: 1000 }),
];
const curves = new Map(layers.map(({ name }) => [name, energyCurve(name, [9, 4, 3, 2, 1, 1, 1, 1, 1], 9)]));
const values = {
  ranks: { '/stage10/b/Conv': 4, '/stage2/a/Conv': 9, '/stage2/B/Conv': null },
  curves,
};
const order = (name: LayerOrder, isReversed = false) =>
  orderedLayers(layers, { order: name, isReversed }, values).map((own) => own.name.replace('/Conv', ''));

describe('orderedLayers', () => {
  it('leaves the network’s order, or turns it round', () => {
    expect(orderedLayers(layers, initialLayersView, values)).toBe(layers);
    expect(order('network', true)[0]).toBe('classes');
  });
  it('orders names as people do', () => {
    expect(order('name')).toEqual(['classes', '/stage2/a', '/stage2/B', '/stage10/b']);
  });
  it('orders numbers from the greatest, and leaves alike ones as in the network', () => {
    expect(order('macs')).toEqual(['/stage10/b', '/stage2/B', '/stage2/a', 'classes']);
    expect(order('macs', true)).toEqual(['/stage2/a', 'classes', '/stage2/B', '/stage10/b']);
    expect(order('kept')).toEqual(['/stage2/B', 'classes', '/stage2/a', '/stage10/b']);
    // What is whole has every rank.
    expect(order('rank')).toEqual(['/stage2/B', 'classes', '/stage2/a', '/stage10/b']);
    expect(order('loss')).toEqual(['/stage10/b', '/stage2/a', '/stage2/B', 'classes']);
  });
});

it('what layers keep and lose follows from their ranks', () => {
  expect(keptMacs(layers, values.ranks)).toBe(400 + 900 + 2000 + 1000);
  const [first] = layers;
  const lost = 1 - curves.get(first!.name)!.quality[3]!;
  expect(lossOf([first!], values)).toBeCloseTo(lost, 12);
  expect(lossOf([first!, first!], values)).toBeCloseTo(1 - (1 - lost) ** 2, 12);
  expect(lossOf([layers[2]!], values)).toBe(0);
});

it('layers are found by any words of their names', () => {
  expect(foundLayers(layers, ' ')).toEqual(layers);
  expect(foundLayers(layers, 'B stage2').map(({ name }) => name)).toEqual(['/stage2/B/Conv']);
  expect(foundLayers(layers, 'none')).toEqual([]);
});

describe('orderedBlocks', () => {
  const blocks = [['/stage10/b/Conv'], ['/stage2/a/Conv', '/stage2/B/Conv'], ['classes']];
  const titles = (name: LayerOrder, shown = layers) =>
    orderedBlocks(shown, blocks, { order: name, isReversed: false }, values).map(({ title }) => title);

  it('calls blocks by what their layers’ names have in common, and orders them by their totals', () => {
    expect(titles('network')).toEqual(['stage10/b', 'stage2', 'classes']);
    expect(titles('name')).toEqual(['classes', 'stage2', 'stage10/b']);
    expect(titles('kept')).toEqual(['classes', 'stage2', 'stage10/b']);
  });
  it('leaves out blocks of which nothing is shown', () => {
    const [block] = orderedBlocks(layers.slice(1, 2), blocks, initialLayersView, values);
    expect(block).toEqual({ id: '/stage2/a/Conv', title: 'stage2', layers: [layers[1]] });
    expect(titles('network', layers.slice(1, 2))).toEqual(['stage2']);
  });
  it('numbers blocks whose names say nothing', () => {
    const numbered = orderedBlocks(
      [layer('conv/1'), layer('conv/2'), layer('x'), layer('y')],
      [
        ['conv/1', 'conv/2'],
        ['x', 'y'],
      ],
      initialLayersView,
      values,
    );
    expect(numbered.map(({ title }) => title)).toEqual(['conv', 'Block 2']);
  });
});

it('the view of the layers is written and read as it is', () => {
  expect(v.parse(layersViewSchema, initialLayersView)).toEqual(initialLayersView);
  expect(v.safeParse(layersViewSchema, { ...initialLayersView, order: 'other' }).success).toBe(false);
});
