import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedCodecs } from '../../cli/codecs';
import { withStep, type Recipe, type Step } from '../../src/compression/recipe';
import { quantiseStep, type Storage } from '../../src/compression/steps/quantise';
import { imagesOf } from '../../src/compression/steps/step';
import { readNetwork } from '../../src/formats/models';
import { unwrap } from '../../src/network/failure';
import { layerNodes } from '../../src/network/layerNodes';
import { kernelOf } from '../../src/network/sharing';
import { smallResidualNetwork } from '../../src/network/testing/builders';
import { evaluateKind } from '../protocol/evaluate';
import { exportKind } from '../protocol/export';
import { quantiseKind } from '../protocol/quantise';
import { repairKind } from '../protocol/repair';
import { inThreadStudio } from '../testing/inThreadStudio';
import { openTinyWork, type TinyWork } from '../testing/tinyStudio';

const never = new AbortController().signal;
const ignore = () => undefined;
const studio = inThreadStudio(installedCodecs);
const whole: Storage = { weights: 'int8', activations: 'int8' };
let tiny: TinyWork;

beforeAll(async () => {
  unwrap(await studio.start('wasm'));
  tiny = await openTinyWork(studio, smallResidualNetwork(3), 24);
});
afterAll(() => studio.close());

const take = (recipe: Recipe) => studio.run(never, quantiseKind, { recipe }, ignore);

async function written(recipe: Recipe, format = 'onnx') {
  const request = { recipe, format, metadata: {}, selection: tiny.evaluation.selection };
  const { files } = unwrap(await studio.run(never, exportKind, request, ignore));
  return readNetwork(files);
}

describe('the step that stores a network', () => {
  it('follows repair: what is measured and written has gone through both', async () => {
    const { recipe } = tiny.repair;
    unwrap(await studio.run(never, repairKind, { recipe }, ignore));
    const last = withStep(recipe, quantiseStep(whole, imagesOf(recipe.steps[0]!), 1));
    const { range, divergence } = unwrap(await take(last));
    expect(range).not.toBeNull();
    expect(divergence).toBeLessThan(0.1);
    const task = { recipe: last, selection: tiny.evaluation.selection };
    unwrap(await studio.run(never, evaluateKind, task, ignore));
    const network = await written(last);
    // Both factors of a cut layer, too.
    const names = layerNodes(network).map(({ name }) => name);
    expect(names.some((name) => name.endsWith('/first'))).toBe(true);
    expect(layerNodes(network).map((node) => kernelOf(node).stored?.type)).toEqual(names.map(() => 'int8'));
    const forPhones = await written(last, 'tflite');
    expect(layerNodes(forPhones).map((node) => kernelOf(node).stored?.type)).toEqual(names.map(() => 'int8'));
  });

  it('finds something to do where nothing is cut', async () => {
    const recipe = { ...tiny.evaluation.recipe, layers: {} };
    const stored = withStep(recipe, quantiseStep({ weights: 'float16', activations: 'float32' }, null, 1));
    unwrap(await take(stored));
    const network = await written(stored);
    expect(layerNodes(network).map((node) => kernelOf(node).stored?.type)).toContain('float16');
  });

  it.each<[string, (step: Step) => Step, RegExp]>([
    [
      'a storage that there is not',
      (step) => ({ ...step, settings: { weights: 'float16', activations: 'int8' } }),
      /expected a storage of float32, float16, int8, uint8 or uint16 weights, and int8 or dynamic activations with int8 weights alone, found \{"weights":"float16","activations":"int8"\}/,
    ],
    [
      'ranges without images',
      (step) => ({ ...step, images: null }),
      /^Expected calibration images to find the ranges of values on, found none; give some/,
    ],
  ])('refuses %s', async (_, change, sentence) => {
    const { recipe } = tiny.repair;
    const step = quantiseStep(whole, imagesOf(recipe.steps[0]!), 1);
    const outcome = await take({ ...recipe, steps: [change(step)] });
    expect(outcome).toMatchObject({
      ok: false,
      failure: { code: 'invalid-request', message: expect.stringMatching(sentence) as string },
    });
  });
});
