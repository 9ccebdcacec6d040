import { expect, it } from 'vitest';
import { titleOf } from './titles';

it.each([
  [['res56.onnx'], 'res56'],
  [['train_val.prototxt', 'res56.caffemodel'], 'res56'],
  [['nets/faces/group1-shard1of2.bin', 'nets/faces/model.json'], 'faces'],
  [['model.json', 'group1-shard1of1.bin'], 'model'],
  [['weights'], 'weights'],
  [[], 'network'],
])('a network of the files %j is called %s', (paths, title) => {
  expect(titleOf(paths)).toBe(title);
});
