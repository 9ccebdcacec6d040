import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { referencePath } from '../scripts/reference';
import { readNetwork } from '../src/formats/models';
import { runOnnxRuntime } from '../src/formats/testing/onnxRuntime';
import { describeLayers } from '../src/network/describe';
import { encJson, runEnc } from './testing';
import { isToday, ofToday } from '../scripts/ofToday';

const folder = mkdtempSync(join(tmpdir(), 'enc-'));
afterAll(() => rmSync(folder, { recursive: true }));
const temporary = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const resnet = referencePath('res56/res56.onnx');
const testImages = referencePath('cifar10/test_1000.bin');
const hasReference = resnet !== null && testImages !== null;
const preprocessing = ['--mean', '128,128,128', '--scale', '0.0078125'];

interface Layer {
  readonly name: string;
  readonly rank: number | null;
  readonly rankMax: number;
}
interface Compressed {
  readonly achieved: number;
  readonly macs: number;
  readonly before: { readonly top1: number };
  readonly after: { readonly top1: number };
  readonly comparison: { readonly largestDifference: number };
}

/** The first images of a CIFAR-10 file as ResNet-56 wants them: NCHW, (pixel − 128) / 128. */
function cifarInput(count: number): Float32Array {
  const bytes = readFileSync(testImages!);
  const pixels = Array.from({ length: count }, (_, image) =>
    bytes.subarray(image * 3073 + 1, (image + 1) * 3073),
  );
  return Float32Array.from(Buffer.concat(pixels), (pixel) => (pixel - 128) * 0.0078125);
}

const runtimeScores = async (path: string, count = 16) =>
  (await runOnnxRuntime(new Uint8Array(readFileSync(path)), cifarInput(count), [count, 3, 32, 32])).data;

const largestDifference = (a: Float32Array, b: ArrayLike<number>) =>
  a.reduce((max, value, index) => Math.max(max, Math.abs(value - b[index]!)), 0);

describe.skipIf(!hasReference)('enc on ResNet-56 (skipped without ../shared/reference)', () => {
  const model = resnet ?? '';
  const data = ['--data', testImages ?? '', ...preprocessing];

  it.runIf(isToday(0, 3))('evaluates to the known top-1', async () => {
    const { top1, images, backend } = await encJson<{ top1: number; images: number; backend: string }>(
      'evaluate',
      model,
      ...data,
    );
    expect({ top1, images, backend }).toEqual({ top1: 0.937, images: 1000, backend: 'wasm' });
  });

  it('inspects to the known MACs and can cut the strided layers', async () => {
    const { macs, layers } = await encJson<{
      macs: number;
      layers: { shape: string; kept: string | null; rankMax: number }[];
    }>('inspect', model);
    expect(macs).toBe(126_534_272);
    const strided = layers.filter(({ shape }) => shape.startsWith('3×3') && shape.includes('stride 2'));
    expect(strided.map(({ kept, rankMax }) => [kept, rankMax])).toEqual([
      [null, 24],
      [null, 48],
    ]);
  });

  it.runIf(isToday(1, 3))(
    'compresses at 0.5 to a file that the plan, our recount and onnxruntime agree on',
    async () => {
      const out = join(folder, 'half.onnx');
      const plan = await encJson<{ achieved: number; layers: Layer[] }>(
        'plan',
        model,
        '--target',
        '0.5',
        '--method',
        'map',
      );
      const few = [...data, '--images', '300'];
      const written = await encJson<Compressed>(
        ...['compress', model, '--target', '0.5', '--method', 'map', '--out', out, ...few],
      );
      const { macs } = await encJson<{ macs: number }>('inspect', out);
      expect(Math.abs(plan.achieved - 0.5)).toBeLessThanOrEqual(0.001);
      expect(Math.abs(macs / 126_534_272 - plan.achieved)).toBeLessThanOrEqual(0.005 * plan.achieved);
      expect(written.macs).toBe(macs);
      expect(written.before.top1).toBeGreaterThanOrEqual(0.92);
      expect(written.after.top1).toBeGreaterThanOrEqual(0.9);
      // The file itself, opened anew, has the accuracy that was printed.
      const again = await encJson<{ top1: number }>('evaluate', out, ...few);
      expect(again.top1).toBe(written.after.top1);
      const ours = await ourScores(out);
      expect(largestDifference(await runtimeScores(out), ours)).toBeLessThanOrEqual(1e-4);
    },
  );

  it.runIf(isToday(1, 3))('leaves the network as it is at target 1', async () => {
    const out = join(folder, 'whole.onnx');
    await encJson<Compressed>('compress', model, '--target', '1', '--out', out);
    expect(largestDifference(await runtimeScores(out), await runtimeScores(model))).toBeLessThanOrEqual(1e-5);
  });

  it.runIf(isToday(2, 3))('loses nothing at full rank, strided layers included', async () => {
    const layers = describeLayers(
      await readNetwork([{ name: 'res56.onnx', bytes: new Uint8Array(readFileSync(model)) }]),
    );
    const ranks = temporary(
      'full.json',
      JSON.stringify(Object.fromEntries(layers.map((layer) => [layer.name, layer.rankFull]))),
    );
    const out = join(folder, 'full.onnx');
    await encJson<Compressed>('compress', model, '--ranks', ranks, '--out', out);
    expect(largestDifference(await runtimeScores(out), await runtimeScores(model))).toBeLessThanOrEqual(1e-4);
    const factors = (
      await readNetwork([{ name: 'full.onnx', bytes: new Uint8Array(readFileSync(out)) }])
    ).nodes.filter(({ name }) => /\/(first|second)$/.test(name));
    expect(factors.length).toBe(2 * layers.length);
  });

  it.each(['uniform', 'map'])('plans %s within a thousandth of the target', async (method) => {
    const target = 0.7;
    const { achieved } = await encJson<{ achieved: number }>(
      ...['plan', model, '--target', String(target), '--method', method],
    );
    expect(achieved).toBeLessThanOrEqual(target);
    expect(target - achieved).toBeLessThanOrEqual(0.001);
  });
});

/** Scores of the first images by our own engine, through the reader of our own files. */
async function ourScores(path: string): Promise<Float32Array> {
  const { startNodeBackend } = await import('../src/engine/testing/nodeBackend');
  const { createExecutor } = await import('../src/engine/executor');
  const { evaluate } = await import('../src/engine/evaluate');
  const { readImages } = await import('../src/formats/datasets');
  await startNodeBackend('wasm');
  const network = await readNetwork([{ name: path, bytes: new Uint8Array(readFileSync(path)) }]);
  const images = readImages([{ name: 'test_1000.bin', bytes: new Uint8Array(readFileSync(testImages!)) }]);
  const executor = createExecutor(network);
  const { scores } = await evaluate(
    executor,
    images,
    { channels: 'rgb', mean: [128, 128, 128], scale: [0.0078125] },
    { indices: Uint32Array.from({ length: 16 }, (_, index) => index) },
  );
  executor.dispose();
  return scores;
}

const counts = {
  'models/mnist_vgg.onnx': 10_556_736,
  'models/mnist_mobile.onnx': 1_231_584,
  'models/light_bvlc_alexnet.onnx': 654_560_384,
  'models/light_vgg19.onnx': 19_632_062_464,
  'models/light_resnet50.onnx': 4_089_184_256,
  'models/light_squeezenet.onnx': 349_151_936,
};

describe('enc inspect', () => {
  for (const [file, expected] of Object.entries(counts)) {
    const path = referencePath(file);
    it.skipIf(path === null)(`counts the MACs of ${file} (skipped without ../shared/reference)`, async () => {
      const { macs } = await encJson<{ macs: number }>('inspect', path!);
      expect(macs).toBe(expected);
    });
  }
});

describe.skipIf(referencePath('vgg16/Net_def.txt') === null)(
  'enc plan --tables (skipped without ../shared/reference)',
  () => {
    it('lists a rank for every layer of the authors’ tables', async () => {
      const { layers, achieved, method } = await encJson<{
        layers: Layer[];
        achieved: number;
        method: string;
      }>('plan', '--tables', referencePath('vgg16')!, '--target', '0.25', '--method', 'map');
      expect(method).toBe('map');
      expect(layers.map(({ name }) => name)[0]).toBe('conv1_1');
      expect(layers.every(({ rank, rankMax }) => rank !== null && rank >= 1 && rank <= rankMax)).toBe(true);
      expect(Math.abs(achieved - 0.25)).toBeLessThanOrEqual(0.001);
    });
  },
);

describe('enc on the built-in samples', () => {
  it.each(ofToday(['vgg', 'residual'], 2))(
    'compresses sample:%s and prints accuracy before and after',
    async (name) => {
      const out = join(folder, `${name}.onnx`);
      const sample = `sample:${name}`;
      const { achieved, before, after } = await encJson<Compressed>(
        ...['compress', sample, '--target', '0.4', '--method', 'map', '--data', sample, '--images', '300'],
        ...['--out', out],
      );
      expect(Math.abs(achieved - 0.4)).toBeLessThanOrEqual(0.001);
      expect(before.top1).toBeGreaterThan(0.9);
      expect(after.top1).toBeGreaterThan(0.8);
      const again = await encJson<{ top1: number }>('evaluate', out, '--data', sample, '--images', '300');
      expect(again.top1).toBe(after.top1);
    },
  );

  it.runIf(isToday(2, 3))('wins accuracy back by repair on calibration images, without labels', async () => {
    const out = join(folder, 'repaired.onnx');
    const { withoutRepair, after } = await encJson<Compressed & { withoutRepair: { top1: number } }>(
      ...['compress', 'sample:residual', '--target', '0.3', '--method', 'map', '--out', out],
      ...['--data', 'sample:residual', '--images', '300'],
      ...['--repair', '--calibration', 'sample:residual', '--calibration-images', '64'],
    );
    expect(after.top1).toBeGreaterThan(withoutRepair.top1);
    const again = await encJson<{ top1: number }>(
      ...['evaluate', out, '--data', 'sample:residual', '--images', '300'],
    );
    expect(again.top1).toBe(after.top1);
  });
});

describe('enc with bad input', () => {
  const cases: [string, string[], RegExp][] = [
    [
      'a missing file',
      ['inspect', join(folder, 'absent.onnx')],
      /absent\.onnx: expected a file that can be read/,
    ],
    [
      'a text file',
      ['inspect', temporary('notes.txt', 'Hello, this is text.\n')],
      /notes\.txt: expected .*network/,
    ],
    ['an empty file', ['inspect', temporary('empty.onnx', '')], /empty\.onnx: .*empty/],
    [
      'a target out of range',
      ['plan', 'x.onnx', '--target', '2'],
      /--target: expected a number from 0 to 1, found "2"/,
    ],
    [
      'an unknown method',
      ['plan', 'x.onnx', '--target', '0.5', '--method', 'magic'],
      /--method: expected .*found "magic"/,
    ],
    [
      'tables that are not there',
      ['plan', '--tables', folder, '--target', '0.5'],
      /Net_def\.txt: expected one of the authors/,
    ],
  ];
  it.each(cases)('answers %s with one sentence and a status', async (_, args, sentence) => {
    const { status, stdout, stderr } = await runEnc(...args, '--json');
    expect(status).not.toBe(0);
    expect((JSON.parse(stdout) as { error: { message: string } }).error.message).toMatch(sentence);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
