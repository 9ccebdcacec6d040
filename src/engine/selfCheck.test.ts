import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test } from 'vitest';
import { runReference } from '../network/testing/referenceExecutor';
import { memory } from './backend';
import { findWrongAnswers, rightAnswers } from './selfCheck';
import { checkedBatch, checkedImages, checkedNetwork } from './selfCheckNetwork';
import { startNodeBackend } from './testing/nodeBackend';

test('the right answers are those of plain loops in double precision', () => {
  const network = checkedNetwork();
  const images = checkedImages();
  const size = images.length / checkedBatch;
  const all = Array.from({ length: checkedBatch }, (_, image) =>
    runReference(network, images.subarray(image * size, (image + 1) * size)),
  );
  for (const [index, output] of network.outputs.entries()) {
    const expected = all.flatMap((values) => [...values.get(output)!.data]);
    expect(rightAnswers[index]).toHaveLength(expected.length);
    rightAnswers[index]!.forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 8));
  }
});

test.each(['wasm', 'cpu'] as const)(
  '%s computes rightly, and the check leaves nothing behind',
  async (name) => {
    await startNodeBackend(name);
    const before = memory().tensors;
    expect(await findWrongAnswers()).toBeNull();
    expect(memory().tensors).toBe(before);
  },
);

describe('a kernel that computes wrongly is noticed', () => {
  const spoiled: tf.KernelConfig[] = [];
  afterEach(() => {
    for (const config of spoiled.splice(0)) {
      tf.unregisterKernel(config.kernelName, 'cpu');
      tf.registerKernel(config);
    }
  });

  /** Makes a kernel answer a change of its own values. */
  function spoil(kernelName: string, change: (value: number, index: number) => number): void {
    const config = tf.getKernel(kernelName, 'cpu');
    spoiled.push(config);
    tf.unregisterKernel(kernelName, 'cpu');
    tf.registerKernel({
      ...config,
      kernelFunc: (inputs) => {
        const answer = config.kernelFunc(inputs) as tf.TensorInfo;
        const { values } = (
          inputs.backend as unknown as { data: { get(id: object): { values: Float32Array } } }
        ).data.get(answer.dataId);
        values.forEach((value, index) => (values[index] = change(value, index)));
        return answer;
      },
    });
  }

  const changes = {
    'a value in eight is lost': (value: number, index: number) => (index % 8 === 5 ? 0 : value),
    'all are two percent too large': (value: number) => 1.02 * value,
    'one is no number': (value: number, index: number) => (index === 1 ? NaN : value),
  };
  const kernels = [
    'FusedConv2D',
    'FusedDepthwiseConv2D',
    'MaxPool',
    'AvgPool',
    '_FusedMatMul',
    'Sigmoid',
    'Multiply',
  ];

  test.each(kernels.flatMap((kernel) => Object.keys(changes).map((change) => [kernel, change] as const)))(
    '%s: %s',
    async (kernel, change) => {
      await startNodeBackend('cpu');
      spoil(kernel, changes[change as keyof typeof changes]);
      expect(await findWrongAnswers()).toMatch(
        /^it computes wrongly here \(answers of a known network differ (by [\d.e+]+ %|and are no numbers)\)$/,
      );
    },
  );
});
