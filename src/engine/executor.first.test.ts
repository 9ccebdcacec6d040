import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { smallResidualNetwork, seededNumbers } from '../network/testing/builders';
import { referenceScores } from '../network/testing/referenceExecutor';
import { createExecutor } from './executor';
import { startNodeBackend } from './testing/nodeBackend';

for (const backend of ['cpu', 'wasm'] as const) {
  test(`small net on ${backend}`, async () => {
    const report = await startNodeBackend(backend);
    console.log(report);
    const network = smallResidualNetwork(3);
    const x = seededNumbers(1).values(12 * 12 * 3);
    const expected = referenceScores(network, x).data;
    for (const fuse of [true, false]) {
      const before = tf.memory().numTensors;
      const executor = createExecutor(network, { fuse });
      console.log(executor.values);
      const input = tf.tensor4d(x, [1, 12, 12, 3]);
      const y = executor.run(input);
      const got = await y.data();
      got.forEach((v, i) => expect(v).toBeCloseTo(expected[i]!, 4));
      tf.dispose([input, y]);
      executor.dispose();
      expect(tf.memory().numTensors).toBe(before);
    }
  });
}
