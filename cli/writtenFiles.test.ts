import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { referencePath } from '../scripts/reference';
import type { ExportedNetwork } from '../workers/protocol/export';
import { encHere } from './testing';

const folder = mkdtempSync(join(tmpdir(), 'enc-written-'));
const bigLogits = referencePath('cases/export-absolute-tolerance/big-logits.onnx');
const batchOfOne = referencePath('cases/fixed-batch-runtime-check/batch1.onnx');

interface Compressed {
  readonly comparison: ExportedNetwork['comparison'];
}

const compress = (model: string, name: string) =>
  encHere<Compressed>('compress', model, '--target', '0.5', '--out', join(folder, name), '--backend', 'wasm');

describe('networks with large scores', () => {
  it.skipIf(!bigLogits).each(['small.zip', 'small.h5', 'small.keras', 'small.onnx'])(
    'are written as %s',
    async (name) => {
      const { comparison } = await compress(bigLogits!, name);
      expect(comparison.largestScore).toBeGreaterThan(100);
      expect(comparison.largestDifference).toBeLessThan(1e-5 * comparison.largestScore);
    },
  );
});

describe('networks with a fixed batch', () => {
  it.skipIf(!batchOfOne)('are run by ONNX Runtime as often as there are images', async () => {
    const { comparison } = await compress(batchOfOne!, 'batch1.onnx');
    expect(comparison.runtime).toMatchObject({ images: 8 });
    expect(comparison.runtime).not.toHaveProperty('refusal');
  });
});
