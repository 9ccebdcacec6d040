import { afterAll, beforeAll, expect, test } from 'vitest';
import { installedCodecs } from '../../cli/codecs';
import { unwrap } from '../../src/network/failure';
import { cornerAtRank } from '../../src/network/kernelCorner';
import { smallResidualNetwork } from '../../src/network/testing/builders';
import { kernelCornerKind } from '../protocol/kernelCorner';
import { inThreadStudio } from '../testing/inThreadStudio';
import { openTinyWork } from '../testing/tinyStudio';

const never = new AbortController().signal;
const ignore = () => undefined;
const studio = inThreadStudio(installedCodecs);

beforeAll(async () => void unwrap(await studio.start('wasm')));
afterAll(() => studio.close());

test('a thread shows a corner of a kernel and of the factors that it holds, and names a layer that there is not', async () => {
  const { sweep } = await openTinyWork(studio, smallResidualNetwork(3), 4);
  const [{ name, factorisation, rankMax }] = sweep.layers as [(typeof sweep.layers)[number]];
  const most = { rows: 4, columns: 6, rank: rankMax };
  const ask = (layer: string) =>
    studio.run(never, kernelCornerKind, { network: sweep.network, layer, factorisation, most }, ignore);
  const corner = unwrap(await ask(name));
  expect([corner.rows, corner.columns, corner.rank]).toEqual([4, 6, rankMax]);
  const error = (rank: number) =>
    cornerAtRank(corner, rank).reduce((sum, value, at) => sum + (value - corner.kernel[at]!) ** 2, 0);
  expect(error(rankMax)).toBeLessThan(error(0));
  expect(await ask('nobody')).toMatchObject({
    ok: false,
    failure: {
      code: 'invalid-request',
      message: "nobody: expected a layer of the network, found none of this name; see the layers' list.",
    },
  });
});
