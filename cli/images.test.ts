import { expect, it } from 'vitest';
import type { DrawnImages } from '../src/compression/draw';
import type { ImagesSummary } from '../workers/protocol/summaries';
import { restOf, type OpenImages } from './images';

const preprocessing = { channels: 'grey', mean: [0], scale: [1] } as const;
const images: OpenImages = {
  summary: { name: 'digits', fingerprint: 'f', count: 10 } as ImagesSummary,
  preprocessing,
};
const repairedOn = (draw: DrawnImages['draw']): DrawnImages => ({ images: 'f', draw, preprocessing });

it('reports on the images that come after those of repair, and refuses where none is left', () => {
  const after = restOf(images, repairedOn({ kind: 'run', from: 0, count: 4 }), 3);
  expect(after.draw).toEqual({ kind: 'run', from: 4, count: 3 });
  const sentence =
    'digits: expected images beside those that repair looks at, found none to report on; give others by --data.';
  for (const draw of [{ kind: 'all' }, { kind: 'run', from: 0, count: 10 }] as const)
    expect(() => restOf(images, repairedOn(draw), 3)).toThrow(sentence);
});
