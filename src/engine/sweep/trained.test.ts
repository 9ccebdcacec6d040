import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { isToday, ofToday } from '../../../scripts/ofToday';
import { referencePath } from '../../../scripts/reference';
import { choiceQualities } from '../../enc/curve';
import { selectionProblem } from '../../enc/problem';
import { divergenceCurve } from '../../enc/sweep/curves';
import { readImages } from '../../formats/datasets';
import { readNetwork } from '../../formats/models';
import { describeLayers } from '../../network/describe';
import { startNodeBackend } from '../testing/nodeBackend';
import {
  endsAndMiddle,
  layersOf,
  measureBothWays,
  PlainLoop,
  variantsOf,
  withSweep,
  type SweepSetting,
} from '../testing/plainSweep';

const read = (path: string) => ({ name: path, bytes: new Uint8Array(readFileSync(path)) });
const every = (step: number, count: number) =>
  Uint32Array.from({ length: count }, (_, index) => step * index);

/** Names of the samples' classes, one a line. */
const letters = new TextEncoder().encode([...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].join('\n'));

/** A built-in sample on validation images of all classes. */
async function sample(name: string, images: number): Promise<SweepSetting> {
  const path = (file: string) => fileURLToPath(new URL(`../../../public/samples/${file}`, import.meta.url));
  return {
    network: await readNetwork([read(path(`${name}.onnx`))]),
    images: readImages([read(path('validation.bin.gz')), { name: 'classes.txt', bytes: letters }]),
    preprocessing: { channels: 'rgb', mean: [128], scale: [1 / 64] },
    indices: every(19, images),
  };
}

describe('a sweep of trained networks finds what running every cut network in full finds', () => {
  beforeAll(() => startNodeBackend('wasm'));

  test.each(ofToday(['vgg', 'residual'], 2))('sample:%s, every layer', async (name) => {
    const setting = await sample(name, 40);
    const loop = new PlainLoop(setting);
    await withSweep(setting, {}, async (sweep) => {
      const layers = layersOf(setting.network);
      expect(layers.length).toBeGreaterThanOrEqual(10);
      for (const layer of layers) {
        const ranks = [1, Math.ceil(layer.rankMax / 3)];
        const { swept, plain } = await measureBothWays(setting, layer, ranks, sweep, loop);
        expect(swept).toEqual(plain);
        expect(plain[0]!.correctUncut).toBeGreaterThan(34);
      }
    });
  });

  const resnet = referencePath('res56/res56.onnx');
  const train = referencePath('cifar10/train_2000.bin');
  test.skipIf(resnet === null || train === null || !isToday(1, 3))(
    'three layers of ResNet-56, one of them strided (skipped without ../shared/reference)',
    async () => {
      const setting: SweepSetting = {
        network: await readNetwork([read(resnet!)]),
        images: readImages([read(train!)]),
        preprocessing: { channels: 'rgb', mean: [128], scale: [0.0078125] },
        indices: every(7, 75),
      };
      const layers = layersOf(setting.network);
      const strided = describeLayers(setting.network).find(({ shape }) => /^3×3.*stride 2/.test(shape))!;
      const loop = new PlainLoop(setting);
      await withSweep(setting, {}, async (sweep) => {
        for (const layer of [layers[4]!, strided, layers[layers.length - 3]!]) {
          const { swept, plain } = await measureBothWays(setting, layer, endsAndMiddle(layer), sweep, loop);
          expect(swept).toEqual(plain);
        }
      });
    },
  );

  test('the original diverges from itself by 0, cut to r_max by more, and curves tell the two apart', async () => {
    const setting = await sample('residual', 40);
    const descriptions = describeLayers(setting.network);
    const layer = layersOf(setting.network).find(({ rankMax }) => rankMax > 8)!;
    await withSweep(setting, {}, async (sweep) => {
      const variants = variantsOf(setting.network, layer, [1, layer.rankMax]);
      const range = { layer, from: 0, to: setting.indices.length };
      const [original] = await sweep.measure({
        ...range,
        variants: new Map([[layer.rankMax, setting.network]]),
      });
      const points = await sweep.measure({ ...range, variants });
      expect(original!.divergence).toBe(0);
      expect(points[1]!.divergence).toBeGreaterThan(1e-6);
      const curve = divergenceCurve(layer, points);
      const totals = { macs: 1, parameters: 1 };
      const problem = selectionProblem(descriptions, totals, ({ name }) => name === layer.name);
      const qualities = choiceQualities(problem, new Map([[layer.name, curve]]))[0]!;
      expect(qualities[problem.layers[0]!.ranks.indexOf(null)]).toBe(1);
      expect(curve.quality[layer.rankMax - 1]).toBe(Math.exp(-points[1]!.divergence));
      expect(curve.quality[layer.rankMax - 1]).toBeLessThan(1);
    });
  });
});
