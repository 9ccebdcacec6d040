import { describe, expect, test } from 'vitest';
import { torchTable } from '../../../scripts/gradientFixtures';
import { startNodeBackend } from '../testing/nodeBackend';
import { gradientOf } from './testing/gradients';
import { parametersOf } from './parameters';
import { networkOfCase, type TorchCase } from './testing/pytorch';

const { cases } = torchTable();

/** What PyTorch has, in the order of the network's parameters. */
function expectedOf(
  { inputGradients, weightGradients }: TorchCase,
  fields: readonly string[],
): readonly number[] {
  const own = fields.slice(inputGradients.length);
  return [...inputGradients.flat(), ...own.flatMap((field) => weightGradients[field]!)];
}

describe.each(['wasm', 'cpu'] as const)('gradients on %s against PyTorch’s', (backend) => {
  test.each(cases.map((one) => [one.title, one] as const))('%s', async (_, one) => {
    await startNodeBackend(backend);
    const { network, input } = networkOfCase(one);
    const found = await gradientOf(network, input, Float32Array.from(one.cotangent));
    const expected = expectedOf(
      one,
      parametersOf(network).list.map(({ field }) => field),
    );
    expect(found.length).toBe(expected.length);
    const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
    const largest = expected.reduce((most, value, at) => Math.max(most, Math.abs(value - found[at]!)), 0);
    expect(largest / scale).toBeLessThan(1e-4);
  });
});
