import { describe, expect, it } from 'vitest';
import type { LayerDescription } from '../network/layers';
import { costOfChoices, ranksOfChoices, selectionProblem } from './problem';

const layer = (name: string, change: Partial<LayerDescription> = {}): LayerDescription => ({
  name,
  kind: 'conv2d',
  shape: '',
  macs: 1000,
  parameters: 110,
  factorisation: 'spatial',
  macsPerRank: 100,
  parametersPerRank: 10,
  biasParameters: 10,
  rankMax: 10,
  rankFull: 12,
  kept: null,
  keptByDefault: null,
  ...change,
});

const layers = [
  layer('first', { keptByDefault: 'It reads the image.' }),
  layer('middle'),
  layer('odd', { macs: 1050 }),
  layer('depthwise', { kept: 'Depthwise.', rankMax: 0 }),
];
const totals = { macs: 5000, parameters: 500 };

describe('selectionProblem', () => {
  it('leaves out a rank that costs as much as the layer, and offers the original last', () => {
    const problem = selectionProblem(layers, totals);
    expect(problem.layers.map((selectable) => selectable.name)).toEqual(['middle', 'odd']);
    expect(problem.layers[0]!.ranks).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, null]);
    expect(problem.layers[1]!.ranks).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, null]);
    expect(problem.kept).toEqual(['first', 'depthwise']);
  });

  it('counts the whole network whatever the choices', () => {
    const problem = selectionProblem(layers, totals);
    const originals = problem.layers.map((selectable) => selectable.ranks.length - 1);
    expect(costOfChoices(problem, originals)).toEqual({ ...totals, bytes: 2000 });
    const parameters = 500 - 90 - 90;
    expect(costOfChoices(problem, [0, 0])).toEqual({
      macs: 5000 - 900 - 950,
      parameters,
      bytes: 4 * parameters,
    });
  });

  it('includes a layer that is kept by default when asked, never one that cannot be cut', () => {
    const problem = selectionProblem(layers, totals, () => true);
    expect(problem.layers.map((selectable) => selectable.name)).toEqual(['first', 'middle', 'odd']);
  });

  it('translates choices to ranks', () => {
    const problem = selectionProblem(layers, totals);
    expect(ranksOfChoices(problem, [3, 10])).toEqual({ middle: 4, odd: null });
  });
});
