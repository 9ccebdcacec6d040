import { beforeAll, expect, test } from 'vitest';
import { chainOf, evenPadding, randomConvolution, seededNumbers } from '../network/testing/builders';
import { alignedOutputs } from './convolution';
import { rankLanes } from './rankLanes';
import { startNodeBackend } from './testing/nodeBackend';

beforeAll(() => startNodeBackend('wasm'));

const numbers = seededNumbers(9);
const [across, down] = [
  { height: 1, width: 3 },
  { height: 3, width: 1 },
];
const none = { top: 0, bottom: 0, left: 0, right: 0 };

/** Two factors of a layer with so many outputs. */
function factors(rank: number, outputs: number) {
  const first = randomConvolution(numbers, {
    ...{ kernel: down, padding: { ...none, top: 1, bottom: 1 }, inputs: 4, outputs: rank },
  });
  const second = randomConvolution(numbers, {
    ...{ kernel: across, padding: { ...none, left: 1, right: 1 }, inputs: rank, outputs },
  });
  return { first, network: chainOf([8, 8, 4], [first, second]) };
}

test('ranks are filled up to whole vectors where both factors are one step of our own code', () => {
  for (let rank = 1; rank <= 9; rank++) {
    const { first, network } = factors(rank, 8);
    const own = rankLanes(network)(network.nodes[0]!.name);
    expect(own).toBe(4);
    expect(own * Math.ceil(rank / own)).toBe(alignedOutputs(first));
  }
});

test('and not where they are computed one after the other, by other code', () => {
  const { network } = factors(5, 6);
  expect(rankLanes(network)(network.nodes[0]!.name)).toBe(1);
  const convolution = randomConvolution(numbers, {
    ...{ kernel: across, padding: evenPadding(1), inputs: 4, outputs: 8 },
  });
  const single = chainOf([8, 8, 4], [convolution]);
  expect(rankLanes(single)(single.nodes[0]!.name)).toBe(1);
});
