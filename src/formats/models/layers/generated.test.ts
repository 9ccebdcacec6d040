import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { answersOf, filesOfModel, fillWeights, loadModel, tf } from '../../../engine/testing/tfLayers';
import { FailureError } from '../../../network/failure';
import type { Network } from '../../../network/graph';
import { seededNumbers } from '../../../network/testing/builders';
import { referenceScores } from '../../../network/testing/referenceExecutor';
import { assertComputable } from '../../../network/validate';
import type { NamedFile } from '../../file';
import { fixtureInput } from '../../testing/fixtures';
import { largestDifference } from '../../testing/layout';
import { readNetwork, writeNetwork } from '..';
import { writers } from '../writers';
import { converters } from './operators';
import type { Changes, SavedLayer } from '../../../engine/testing/kerasLayers';
import { recipes } from '../../../engine/testing/randomLayers';
import { randomModel } from '../../../engine/testing/randomModel';

const runs = 6;

/** The files that TF.js saves, some layers changed into those that it does not have itself. */
function withChanges(files: readonly NamedFile[], changes: Changes): NamedFile[] {
  return files.map((file) => {
    if (file.name !== 'model.json') return file;
    const json = JSON.parse(new TextDecoder().decode(file.bytes)) as {
      modelTopology: { config: { layers: SavedLayer[] } };
    };
    const { config } = json.modelTopology;
    config.layers = config.layers.map((layer) => changes[layer.name]?.(layer) ?? layer);
    return { name: file.name, bytes: new TextEncoder().encode(JSON.stringify(json)) };
  });
}

/** The network in another format; null where that has no word for one of its layers. */
async function through(network: Network, format: string): Promise<readonly NamedFile[] | null> {
  try {
    return await writeNetwork(network, format);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    return null;
  }
}

describe('random LayersModels, built and saved by TF.js', () => {
  beforeAll(() => tf.setBackend('cpu'));
  const written = new Map<string, number>();

  it('can be of every layer that is read', () => {
    expect([...converters.keys()].filter((name) => !(name in recipes))).toEqual([]);
  });

  it.each([...converters.keys()])(
    '%s answers as TF.js does, from the original and from every format',
    async (name) => {
      const drawn = fc.record({ seed: fc.nat(2 ** 31 - 1), depth: fc.nat(3) });
      const property = fc.asyncProperty(drawn, async ({ seed, depth }) => {
        const { model, changes } = randomModel(name, seededNumbers(seed), depth);
        fillWeights(model);
        const shape = model.inputs[0]!.shape.slice(1) as number[];
        const input = fixtureInput(shape.reduce((product, extent) => product * extent, 1));
        const expected = await answersOf(model, input, [1, ...shape]);
        const network = await readNetwork(withChanges(await filesOfModel(model), changes));
        assertComputable(network);
        expect(largestDifference(referenceScores(network, input).data, expected)).toBeLessThan(1e-4);
        for (const { id } of writers.all) {
          const files = await through(network, id);
          if (!files) continue;
          written.set(id, (written.get(id) ?? 0) + 1);
          const again = await readNetwork(files);
          expect(largestDifference(referenceScores(again, input).data, expected), id).toBeLessThan(1e-4);
          if (id === 'tfjs') {
            const loaded = await answersOf(await loadModel(files), input, [1, ...shape]);
            expect(largestDifference(loaded, expected), 'TF.js on what was written').toBeLessThan(1e-4);
          }
        }
        model.dispose();
      });
      await fc.assert(property, { numRuns: runs, seed: 13 });
    },
  );

  it('are written in every format, as far as it goes', () => {
    for (const { id } of writers.all) expect(written.get(id), id).toBeGreaterThan(converters.size);
  });
});
