import { expect, test } from 'vitest';
import { initialLayersView } from '../../../project/layerOrder';
import { layer } from '../../../project/testing/states';
import { layersOf, rowKey, shownRows, type ShownBy } from './shownRows';

const layers = [layer('a/1', { macs: 1 }), layer('a/2', { macs: 2 }), layer('b/1', { macs: 9 })];
const by: ShownBy = {
  view: initialLayersView,
  search: '',
  blocks: [['a/1', 'a/2'], ['b/1']],
  values: { ranks: {}, curves: new Map() },
};
const keys = (change: Partial<ShownBy['view']>, search = '') =>
  shownRows(layers, { ...by, view: { ...by.view, ...change }, search }).map(rowKey);

test('layers stand alone, or under their blocks', () => {
  expect(keys({ order: 'macs' })).toEqual(['layer b/1', 'layer a/2', 'layer a/1']);
  expect(keys({ order: 'macs', isGrouped: true })).toEqual([
    'block b/1',
    'layer b/1',
    'block a/1',
    'layer a/2',
    'layer a/1',
  ]);
});

test('folded blocks show their heading alone, unless something in them is looked for', () => {
  const folded = { isGrouped: true, folded: ['a/1'] };
  expect(keys(folded)).toEqual(['block a/1', 'block b/1', 'layer b/1']);
  expect(keys(folded, 'a/2')).toEqual(['block a/1', 'layer a/2']);
  expect(keys(folded, 'none')).toEqual([]);
});

test('a network whose blocks are not known is not grouped', () => {
  const rows = shownRows(layers, { ...by, blocks: null, view: { ...by.view, isGrouped: true } });
  expect(layersOf(rows)).toEqual(['a/1', 'a/2', 'b/1']);
});
