import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphAnswers } from '../../../../engine/testing/tfGraph';
import { seededNumbers } from '../../../../network/testing/builders';
import { referenceScores } from '../../../../network/testing/referenceExecutor';
import { assertComputable } from '../../../../network/validate';
import { fixtureInput } from '../../../testing/fixtures';
import { largestDifference } from '../../../testing/layout';
import { readNetwork, writeNetwork } from '../..';
import { graphConverters } from './operators';
import { randomGraph, recipes } from './testing/randomGraphs';

/** Random graphs tried for each operator. */
const runs = 6;

describe('random GraphModels', () => {
  it('can be of every operator that is read', () => {
    expect([...graphConverters.keys()].filter((op) => !(op in recipes))).toEqual([]);
  });

  it.each([...graphConverters.keys()])(
    '%s answers as TF.js does, and so does what is written',
    async (op) => {
      const drawn = fc.record({ seed: fc.nat(2 ** 31 - 1), depth: fc.nat(3) });
      const property = fc.asyncProperty(drawn, async ({ seed, depth }) => {
        const { graph, output } = randomGraph(op, seededNumbers(seed), depth);
        const { inputShape } = graph;
        const input = fixtureInput(inputShape.reduce((product, extent) => product * extent, 1));
        const expected = await graphAnswers(graph.json(output), graph.shard(), input, [1, ...inputShape]);
        const largest = Math.max(1, ...expected.map(Math.abs));
        const network = await readNetwork(graph.files(output));
        assertComputable(network);
        expect(largestDifference(referenceScores(network, input).data, expected)).toBeLessThan(
          1e-5 * largest,
        );
        const again = await readNetwork(await writeNetwork(network, 'onnx'));
        expect(largestDifference(referenceScores(again, input).data, expected)).toBeLessThan(1e-4 * largest);
      });
      await fc.assert(property, { numRuns: runs, seed: 13 });
    },
  );
});
