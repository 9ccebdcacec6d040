import { describe, expect, it } from 'vitest';
import { referencePath } from '../scripts/reference';
import { encJson } from './testing';

const model = referencePath('cases/planner-blowup/deep.onnx');
const curves = referencePath('cases/planner-blowup/deep.json');

describe.skipIf(!model || !curves)(
  'a deep network of many equal layers with nearly equal curves (skipped without ../shared/reference)',
  () => {
    it.each([0.5, 0.7, 0.9])('is planned exactly at %d of its MACs', async (target) => {
      const printed = await encJson<{ readonly achieved: number }>(
        ...['plan', model!, '--target', String(target), '--method', 'model'],
        ...['--metric', 'divergence', '--search', 'all', '--curves', curves!],
      );
      expect(printed.achieved).toBeLessThanOrEqual(target);
      expect(printed.achieved).toBeGreaterThan(0.995 * target);
    });
  },
);
