import { beforeAll, describe, expect, it } from 'vitest';
import type { Storage } from '../compression/steps/quantise';
import { evaluate } from '../engine/evaluate';
import { createExecutor } from '../engine/executor';
import { centredRgb, noiseImages } from '../engine/testing/images';
import { startNodeBackend } from '../engine/testing/nodeBackend';
import { meanDivergence } from '../answers/divergence';
import type { GraphNode, Network, Operator, Quantise } from '../network/graph';
import { layerNodes } from '../network/layerNodes';
import { applyPatch } from '../network/patch';
import { kernelOf } from '../network/sharing';
import { networkOf, smallResidualNetwork } from '../network/testing/builders';
import { assertComputable } from '../network/validate';
import { quantiseNetwork, type QuantiseResult } from './quantiseNetwork';

const network = smallResidualNetwork(4);
const images = noiseImages(120, 12, 12);
const first = (count: number) => Uint32Array.from({ length: count }, (_, index) => index);
const calibration = { images, preprocessing: centredRgb, indices: first(80) };
const others = Uint32Array.from({ length: 40 }, (_, index) => 80 + index);
const pause = () => undefined;
const whole: Storage = { weights: 'int8', activations: 'int8' };

const quantised = (storage: Storage, given: typeof calibration | null = calibration, of = network) =>
  quantiseNetwork({ network: of, ...storage, calibration: given, seed: 1, pause });
const stored = (result: QuantiseResult, of = network) => applyPatch(of, result.patch);

async function divergence(changed: Network, of = network): Promise<number> {
  const answers = async (asked: Network) => {
    const executor = createExecutor(asked);
    const scores = await evaluate(executor, images, centredRgb, { indices: others });
    executor.dispose();
    return scores;
  };
  return meanDivergence(await answers(of), await answers(changed));
}

const kinds = ({ nodes }: Network) => nodes.map(({ operator }) => operator.kind);
const kernels = (of: Network) => layerNodes(of).map(kernelOf);

describe('a network in fewer bits', () => {
  beforeAll(() => startNodeBackend('wasm'));

  it.each(['float16', 'int8', 'uint8', 'uint16'] as const)(
    'holds its kernels as %s and computes with what is read from there',
    async (weights) => {
      const result = stored(await quantised({ weights, activations: 'float32' }));
      assertComputable(result);
      for (const kernel of kernels(result)) expect(kernel.stored?.type).toBe(weights);
      expect(await divergence(result)).toBeLessThan(
        { float16: 1e-6, int8: 2e-3, uint8: 5e-3, uint16: 1e-7 }[weights],
      );
    },
  );

  it('has its batch norms in the layers before them', async () => {
    const result = stored(await quantised({ weights: 'float32', activations: 'float32' }));
    expect(kinds(network)).toContain('batchNorm');
    expect(kinds(result)).not.toContain('batchNorm');
    expect(await divergence(result)).toBeLessThan(1e-9);
  });

  it('is rounded weight by weight where there are no images', async () => {
    const { report, patch } = await quantised({ weights: 'int8', activations: 'float32' }, null);
    expect(report).toMatchObject({ rounding: null, range: null, divergence: null });
    expect(kernels(applyPatch(network, patch)).every(({ stored }) => stored?.type === 'int8')).toBe(true);
  });

  it('rounds the way that is closest on held-back images', async () => {
    const { report } = await quantised({ weights: 'int8', activations: 'float32' });
    const alone = await quantised({ weights: 'int8', activations: 'float32' }, null);
    expect(['nearest', 'centred', 'together']).toContain(report.rounding);
    expect(report.divergence).toBeLessThan((await divergence(stored(alone))) * 2);
  });

  it('rounds the values between layers, biases to whole numbers, and not its answer', async () => {
    const { report, patch } = await quantised(whole);
    const result = applyPatch(network, patch);
    assertComputable(result);
    const rounded = result.nodes.filter(
      (node): node is GraphNode<Quantise> => node.operator.kind === 'quantise',
    );
    const sources = rounded.map(({ inputs }) => inputs[0]!.replace('/exact', ''));
    // Not before a ReLU that alone reads, nor where a pool or a flatten only moves levels, nor before the softmax.
    expect(sources.toSorted()).toEqual(
      [
        'image',
        ...['stemRelu', 'down', 'project', 'sumRelu', 'grouped', 'depthwise', 'hiddenRelu'].map(
          (name) => `${name}:0`,
        ),
      ].toSorted(),
    );
    // What a ReLU bounds has its zero at the lowest level.
    expect(rounded.find(({ output }) => output === 'stemRelu:0')!.operator.zeroPoint).toBe(0);
    expect(result.outputs).toEqual(network.outputs);
    expect(report.range).not.toBeNull();
    expect(await divergence(result)).toBeLessThan(0.02);
    const stem = layerNodes(result)[0]!;
    const { scales } = kernelOf(stem).stored as { scales: Float32Array };
    const scale = rounded[0]!.operator.scale;
    stem.operator.bias!.forEach((value, channel) => {
      const level = value / Math.fround(scale * scales[channel]!);
      expect(Math.abs(level - Math.round(level))).toBeLessThan(1e-2);
    });
  });

  it.each([calibration, null])('leaves the rounding of what layers read to runtimes', async (images) => {
    const { report, patch } = await quantised({ weights: 'int8', activations: 'dynamic' }, images);
    const result = applyPatch(network, patch);
    assertComputable(result);
    expect(kinds(result).filter((kind) => kind === 'dynamicQuantise')).toHaveLength(
      layerNodes(result).length,
    );
    expect(report.range).toBeNull();
    const apart = await divergence(result);
    expect(apart).toBeGreaterThan(0);
    expect(apart).toBeLessThan(0.02);
  });

  it('rounds an input that several layers read, once', async () => {
    const [stem, ...rest] = network.nodes;
    const twice = networkOf(network.input.shape, [
      stem!,
      { ...stem!, name: 'again', output: 'again:0' },
      {
        ...stem!,
        name: 'both',
        inputs: ['stem:0', 'again:0'],
        output: 'both:0',
        operator: { kind: 'add' } satisfies Operator,
      },
      ...rest.map((node) => ({
        ...node,
        inputs: node.inputs.map((value) => (value === 'stem:0' ? 'both:0' : value)),
      })),
    ]);
    const result = stored(await quantised(whole, calibration, twice), twice);
    const ofInput = result.nodes.filter(({ inputs }) => inputs.includes('image'));
    expect(ofInput.map(({ operator }) => operator.kind)).toEqual(['quantise']);
    // One kernel stays one.
    const [one, other] = kernels(result);
    expect(one!.data).toBe(other!.data);
    expect(await divergence(result, twice)).toBeLessThan(0.05);
  });

  it('refuses images that do not fit', async () => {
    const small = { ...calibration, images: noiseImages(120, 12, 12, 1) };
    await expect(
      quantised(whole, { ...small, preprocessing: { ...centredRgb, channels: 'grey' } }),
    ).rejects.toThrow(/channel/);
  });
});
