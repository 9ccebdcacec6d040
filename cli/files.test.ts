import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referencePath } from '../scripts/reference';
import { encJson, runEnc } from './testing';

const folder = mkdtempSync(join(tmpdir(), 'enc-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

const caffemodel = referencePath('res56/res56.caffemodel');
const prototxt = referencePath('res56/train_val.prototxt');
const images = referencePath('cifar10/test_1000.bin');

interface Accuracy {
  readonly top1: number;
  readonly images: number;
}

describe.skipIf(!caffemodel || !prototxt || !images)(
  'a network of several files (skipped without ../shared/reference)',
  () => {
    const nets = join(folder, 'nets');
    const few = ['--data', images ?? '', '--images', '100'];

    beforeAll(() => {
      mkdirSync(join(nets, 'deep'), { recursive: true });
      copyFileSync(caffemodel!, join(nets, 'deep/weights.caffemodel'));
      copyFileSync(prototxt!, join(nets, 'layers.prototxt'));
      writeFileSync(join(nets, 'notes.txt'), 'Trained in 2018.');
    });

    it('evaluates to the known top-1 with the preprocessing that the prototxt states', async () => {
      const { top1, images: count } = await encJson<Accuracy>(
        'evaluate',
        caffemodel!,
        prototxt!,
        '--data',
        images!,
      );
      expect([top1, count]).toEqual([0.937, 1000]);
    });

    it('is the same network in a folder and in a zip, whatever the files are called', async () => {
      const zip = join(folder, 'nets.zip');
      writeFileSync(
        zip,
        zipSync({
          'a/res56.caffemodel': readFileSync(caffemodel!),
          'a/b/net.prototxt': readFileSync(prototxt!),
        }),
      );
      const answers = [
        await encJson<Accuracy>('evaluate', nets, ...few),
        await encJson<Accuracy>('evaluate', zip, ...few),
      ];
      expect(answers[0]).toEqual(answers[1]);
      expect(answers[0]!.images).toBe(100);
      expect(answers[0]!.top1).toBeGreaterThan(0.88);
    });

    it('is refused in one sentence where half of it is missing', async () => {
      const { status, stderr } = await runEnc('inspect', prototxt!);
      expect(status).toBe(1);
      expect(stderr.trim()).toBe(
        'train_val.prototxt: expected the .caffemodel with its weights beside it, found none; open both files together.',
      );
    });
  },
);
