import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { createExecutor } from '../executor';
import { startNodeBackend } from '../testing/nodeBackend';
import { largestError, operatorCases, operatorTolerance, type OperatorCase } from '../testing/operatorCases';

/** Runs a case and checks shape, numbers and that nothing is left behind. */
async function check(operatorCase: OperatorCase, fuse: boolean): Promise<void> {
  const { network, images, input, outputShape, expected } = operatorCase;
  const before = tf.memory().numTensors;
  const executor = createExecutor(network, { fuse });
  const batch = tf.tensor(input, [images, ...network.input.shape]);
  const output = executor.run(batch);
  expect(output.shape).toEqual([images, ...outputShape]);
  expect(largestError(await output.data(), expected)).toBeLessThan(operatorTolerance);
  tf.dispose([batch, output]);
  executor.dispose();
  expect(tf.memory().numTensors).toBe(before);
}

const cases = operatorCases(300);

describe.each(['cpu', 'wasm'] as const)('on %s every operator gives what its definition gives', (backend) => {
  beforeAll(async () => {
    expect((await startNodeBackend(backend)).backend).toBe(backend);
  });

  test.each(cases)('$name', async (operatorCase) => {
    expect(tf.getBackend()).toBe(backend);
    await check(operatorCase, true);
    await check(operatorCase, false);
  });
});
