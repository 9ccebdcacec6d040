import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isToday, ofToday } from '../scripts/ofToday';
import { referencePath } from '../scripts/reference';
import { encJson, runEnc } from './testing';
import { drawn, encoded } from './testPictures';

const folder = mkdtempSync(join(tmpdir(), 'enc-detect-'));
afterAll(() => rmSync(folder, { recursive: true }));

const digits = ['test3000-images-idx3-ubyte.gz', 'test3000-labels-idx1-ubyte.gz'].map((name) =>
  referencePath(`mnist/${name}`),
);

describe.skipIf(digits.includes(null))('the MNIST networks (skipped without ../shared/reference)', () => {
  it.for(['mnist_vgg', 'mnist_mobile'])(
    '%s: finds 0 to 1 and evaluates to the known accuracy',
    async (name) => {
      const model = referencePath(`models/${name}.onnx`)!;
      const { accuracy } = JSON.parse(
        readFileSync(referencePath(`models/${name}.expected.json`)!, 'utf8'),
      ) as {
        accuracy: number;
      };
      const data = ['--data', ...digits.map((path) => path!)];
      const plain = await encJson<{ top1: number; images: number }>('evaluate', model, ...data);
      expect(plain.images).toBe(3000);
      expect(Math.abs(plain.top1 - accuracy) * 3000).toBeLessThanOrEqual(1.01);
      const { stderr } = await runEnc('evaluate', model, ...data, '--preprocess', 'detect', '--images', '10');
      expect(stderr).toContain('--preprocess zero-to-one --channels grey is used');
    },
  );
});

const resnet = referencePath('res56/res56.onnx');
const cifar = referencePath('cifar10/test_1000.bin');

it.runIf(resnet && cifar && isToday(2, 3))(
  'detects the preset of ResNet-56 (skipped without ../shared/reference)',
  async () => {
    const images = ['--data', cifar!, '--images', '40'];
    const { stderr, stdout } = await runEnc(
      'evaluate',
      resnet!,
      ...images,
      '--preprocess',
      'detect',
      '--json',
    );
    expect(stderr).toContain('--preprocess cifar-resnet56 --channels rgb is used');
    const named = ['--preprocess', 'cifar-resnet56', '--channels', 'rgb'];
    const { top1 } = await encJson<{ top1: number }>('evaluate', resnet!, ...images, ...named);
    expect((JSON.parse(stdout) as { top1: number }).top1).toBe(top1);
  },
);

it.for(ofToday(['sample:vgg', 'sample:residual'], 2))('detects the preset of %s', async (sample) => {
  const { stderr } = await runEnc(
    'evaluate',
    sample,
    '--data',
    sample,
    '--preprocess',
    'detect',
    '--images',
    '10',
  );
  expect(stderr).toContain('--preprocess samples --channels rgb is used');
});

describe('pictures on the command line', () => {
  it('in a folder are counted, guessed from without classes, and refused where classes do not match', async () => {
    for (const kind of ['cat', 'dog']) {
      mkdirSync(join(folder, 'set', kind), { recursive: true });
      for (const index of [0, 1])
        writeFileSync(
          join(folder, 'set', kind, `${index}.png`),
          await encoded(
            'png',
            drawn(20, 30, (x, y) => [9 * x, 8 * y, 90 * index]),
          ),
        );
    }
    const one = join(folder, 'set', 'cat');
    const unlabelled = await runEnc(
      'evaluate',
      'sample:vgg',
      '--data',
      one,
      '--preprocess',
      'detect',
      '--json',
    );
    expect(JSON.parse(unlabelled.stdout)).toMatchObject({ images: 2, top1: null });
    expect(unlabelled.stderr).toContain('a guess');
    const refused = await runEnc('evaluate', 'sample:vgg', '--data', join(folder, 'set'));
    expect(refused.stderr).toMatch(/set: expected 26 classes.*found 2 \(cat, dog\)/);
    writeFileSync(join(folder, 'set', 'map.csv'), 'cat,2\ndog,3\n');
    const mapped = await encJson<{ images: number }>('evaluate', 'sample:vgg', '--data', join(folder, 'set'));
    expect(mapped.images).toBe(4);
    const unknown = await runEnc('evaluate', 'sample:vgg', '--data', one, '--preprocess', 'other');
    expect(unknown.stderr).toMatch(/--preprocess: expected one of detect, zero-to-one.*found "other"/);
  });
});
