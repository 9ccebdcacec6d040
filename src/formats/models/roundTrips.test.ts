import { describe, expect, it } from 'vitest';
import { networkCost } from '../../network/cost';
import { FailureError } from '../../network/failure';
import type { Network, NetworkFormat } from '../../network/graph';
import { referenceScores } from '../../network/testing/referenceExecutor';
import { fixtureInput } from '../testing/fixtures';
import { largestDifference } from '../testing/layout';
import { writerCases } from '../testing/writerCases';
import { modelFormats, readNetwork, writeNetwork } from '.';

const pairs = modelFormats.flatMap((first) =>
  modelFormats.filter((second) => second !== first).map((second) => [first.id, second.id] as const),
);

/** The network as another program would find it in that format; null where the format cannot express it. */
async function through(network: Network, format: NetworkFormat): Promise<Network | null> {
  try {
    return await readNetwork(await writeNetwork(network, format));
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    // A lone Identity is nothing that Caffe would call a net.
    expect(error.message).toMatch(/cannot be written for|expected layers that compute something, found none/);
    return null;
  }
}

function answersOf(network: Network): ArrayLike<number> {
  const size = network.input.shape.reduce((product, extent) => product * extent, 1);
  return referenceScores(network, fixtureInput(size)).data;
}

describe('every pair of formats', () => {
  it.each(pairs)('%s, then %s: the same function, unless one of them refuses it', async (first, second) => {
    let survivors = 0;
    for (const [name, network] of writerCases) {
      const once = await through(network, first);
      const twice = once && (await through(once, second));
      const isExpected = once !== null && (await through(network, second)) !== null;
      // A format may write a layer in a way that another can express better than the original, or, as padding
      // of its own, in one that Caffe has no layer for.
      if (isExpected && second !== 'caffe') expect(twice, name).not.toBeNull();
      if (!twice) continue;
      survivors++;
      expect(largestDifference(answersOf(twice), answersOf(network)), name).toBeLessThan(1e-4);
      expect(networkCost(twice).macs, name).toBe(networkCost(network).macs);
    }
    expect(survivors).toBeGreaterThan(writerCases.length / 2);
  });
});
