import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { referencePath } from '../scripts/reference';
import { encHere } from './testing';

const network = referencePath('cases/input-without-channels/mlp.h5');
const images = referencePath('mnist/test3000-images-idx3-ubyte.gz');
const labels = referencePath('mnist/test3000-labels-idx1-ubyte.gz');
const found = network && images && labels;

describe.skipIf(!found)('Flatten of 28×28 and Dense, as in the case', () => {
  const folder = mkdtempSync(join(tmpdir(), 'enc-without-channels-'));

  it('is evaluated on digits', async () => {
    const result = await encHere<{ top1: number; images: number }>(
      ...['evaluate', network!, '--data', images!, labels!],
    );
    // As NumPy computes it from the file's weights.
    expect(result).toMatchObject({ images: 3000, top1: 289 / 3000 });
  });

  it.each(['s.keras', 's.h5', 's.zip', 's.caffemodel', 's.onnx'])(
    'is compressed to %s, and read again',
    async (name) => {
      const out = join(folder, name);
      await encHere('compress', network!, '--target', '0.5', '--out', out);
    },
  );
});
