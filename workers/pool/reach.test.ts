import { expect, test } from 'vitest';
import { installedCodecs } from '../../cli/codecs';
import { lowRankRecipe } from '../../src/compression/recipe';
import { writeNetwork } from '../../src/formats/models';
import { unwrap } from '../../src/network/failure';
import { chainOf, randomDense, seededNumbers } from '../../src/network/testing/builders';
import { exportKind, type ExportedNetwork } from '../protocol/export';
import { factoriseKind } from '../protocol/factorise';
import { lendFactorsKind } from '../protocol/factors';
import { inThreadStudio } from '../testing/inThreadStudio';

const never = new AbortController().signal;
const ignore = () => undefined;

test('a rank that estimated factors do not reach is had from whole ones', async () => {
  const numbers = seededNumbers(6);
  const network = chainOf([90], [randomDense(numbers, 90, 60), randomDense(numbers, 60, 4)]);
  const studio = inThreadStudio(installedCodecs);
  unwrap(await studio.start('wasm'));
  const summary = unwrap(await studio.openNetwork(never, await writeNetwork(network, 'onnx')));
  const { fingerprint, layers } = summary;
  const { name, rankMax } = layers[0]!;
  const wanted = { layer: name, factorisation: 'dense', rank: rankMax } as const;
  const factorised = async (isEstimated: boolean) => {
    const task = { network: fingerprint, layers: [{ ...wanted, isEstimated }] };
    unwrap(await studio.run(never, factoriseKind, task, ignore));
  };
  const held = async () =>
    unwrap(await studio.run(never, lendFactorsKind, { network: fingerprint, layers: [wanted] }, ignore))[0]!;
  const exported = async (rank: number): Promise<ExportedNetwork> => {
    const recipe = lowRankRecipe(fingerprint, { [name]: rank }, () => 'dense');
    const request = { recipe, format: 'onnx', metadata: {}, selection: null } as const;
    return unwrap(await studio.run(never, exportKind, request, ignore));
  };

  await factorised(true);
  const estimated = await held();
  expect(estimated).toMatchObject({ asked: rankMax, rank: 15 });
  expect(estimated.singularValues).toHaveLength(60);
  await exported(15);
  expect(await held()).toEqual(estimated);
  // Asked for once more it stays as it is.
  await factorised(true);
  expect(await held()).toEqual(estimated);

  const first = await exported(rankMax);
  const whole = await held();
  expect(whole.rank).toBe(rankMax);
  expect(whole).not.toHaveProperty('asked');
  expect(first.macs).toBe(rankMax * (90 + 60) + 60 * 4);
  const again = await exported(rankMax);
  expect(again.files[0]!.bytes).toEqual(first.files[0]!.bytes);
  studio.close();
});
