import { expect, it } from 'vitest';
import { encHere } from './testing';

it.each([
  [['--target', '0.5'], '--target or --budget'],
  [['--budget', 'parameters=0.5'], '--target or --budget'],
  [['--curves', 'curves.json'], '--curves'],
])('ranks of a file leave nothing to choose by %s, which is refused before any work', async (more, other) => {
  await expect(
    encHere('compress', 'missing.onnx', '--ranks', 'ranks.json', ...more, '--out', 'small.onnx'),
  ).rejects.toThrow(`--ranks: expected it instead of ${other}, found both; leave one of them out.`);
});
