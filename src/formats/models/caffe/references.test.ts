import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { referencePath } from '../../../../scripts/reference';
import { evaluate } from '../../../engine/evaluate';
import { createExecutor } from '../../../engine/executor';
import { startNodeBackend } from '../../../engine/testing/nodeBackend';
import type { Network } from '../../../network/graph';
import { networkCost } from '../../../network/cost';
import { fingerprintNetwork } from '../../../network/fingerprint';
import { readImages } from '../../datasets';
import { readNetwork, writeNetwork } from '..';
import { largestDifference } from '../../testing/layout';

const paths = ['res56.caffemodel', 'train_val.prototxt', 'res56.onnx'].map((name) => `res56/${name}`);
const images = 'cifar10/test_1000.bin';
const isMissing = [...paths, images].some((path) => referencePath(path) === null);
const file = (path: string) => ({ name: path, bytes: new Uint8Array(readFileSync(referencePath(path)!)) });

describe.skipIf(isMissing)("ResNet-56 as its authors' Caffe wrote it (needs ../shared/reference)", () => {
  let network: Network;

  beforeAll(async () => {
    await startNodeBackend('wasm');
    network = await readNetwork(paths.slice(0, 2).map(file));
  });

  it('has the layers, the cost and the preprocessing of the network', () => {
    expect(networkCost(network).macs).toBe(126_534_272);
    expect(network.input).toEqual({ name: 'data', shape: [32, 32, 3] });
    expect(network.outputs).toEqual(['softmax']);
    expect(network.preprocessing).toEqual({ channels: 'rgb', mean: [128, 128, 128], scale: [0.0078125] });
    expect(network.nodes.filter(({ operator }) => operator.kind === 'batchNorm')).toHaveLength(57);
  });

  it('answers as the ONNX file that was made from it', async () => {
    const set = readImages([file(images)]);
    const onnx = await readNetwork([file(paths[2]!)]);
    const indices = Uint32Array.from({ length: 32 }, (_, index) => index * 31);
    const scores: Float32Array[] = [];
    for (const each of [network, onnx]) {
      const executor = createExecutor(each);
      scores.push((await evaluate(executor, set, network.preprocessing!, { indices })).scores);
      executor.dispose();
    }
    expect(largestDifference(scores[0]!, scores[1]!)).toBeLessThan(1e-4);
  });

  it('is the same network after it was written and read back', async () => {
    const files = await writeNetwork(network, 'caffe');
    const again = await readNetwork(files);
    expect(fingerprintNetwork(again)).toBe(fingerprintNetwork(network));
    expect(again.preprocessing).toEqual(network.preprocessing);
  });
});
