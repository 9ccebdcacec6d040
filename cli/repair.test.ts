import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ofToday } from '../scripts/ofToday';
import { wilsonInterval } from '../src/linalg/intervals';
import { encJson } from './testing';

interface Compressed {
  readonly repair: { readonly calibrationImages: number };
  readonly withoutRepair: { readonly top1: number };
  readonly after: { readonly top1: number; readonly images: number };
}

/** Images that accuracy is reported on: enough for an interval of a few points. */
const reported = 500;

describe('enc compress --repair with few images', () => {
  const folder = mkdtempSync(join(tmpdir(), 'enc-repair-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const cases = [
    ['vgg', 16],
    ['vgg', 64],
    ['residual', 16],
  ] as const;

  it.each(ofToday(cases, 3))(
    'on sample:%s with %d loses no more than an interval against no repair',
    async (name, images) => {
      const sample = `sample:${name}`;
      const { repair, withoutRepair, after } = await encJson<Compressed>(
        ...['compress', sample, '--method', 'map', '--target', '0.3', '--out', join(folder, 'small.onnx')],
        ...['--repair', '--calibration', sample, '--calibration-images', String(images)],
        ...['--data', sample, '--images', String(reported)],
      );
      const { low } = wilsonInterval(Math.round(withoutRepair.top1 * after.images), after.images);
      expect(repair.calibrationImages).toBe(images);
      expect(after.images).toBe(reported);
      expect(after.top1).toBeGreaterThanOrEqual(low);
    },
  );
});
