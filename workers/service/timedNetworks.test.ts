import { expect, it } from 'vitest';
import { smallResidualNetwork } from '../../src/network/testing/builders';
import { timedNetworks } from './timedNetworks';

it('says what ONNX Runtime says of a network that it refuses', async () => {
  const network = smallResidualNetwork(3);
  // Two nodes that write the same value, which no ONNX file may have.
  const nodes = [...network.nodes, network.nodes.at(-1)!];
  const opening = async () => timedNetworks.ort([network, { ...network, nodes }]);
  await expect(opening()).rejects.toMatchObject({
    code: 'backend-unavailable',
    message: expect.stringMatching(
      /^Expected a network that ONNX Runtime can run, found that it refuses it: .*two nodes with same node name \(probabilities\); time it in the studio's own engine\.$/is,
    ) as string,
  });
});

it('runs any number of images of a network whose own file fixes its batch', async () => {
  const network = smallResidualNetwork(3);
  const timed = await timedNetworks.ort([{ ...network, source: { ...network.source, batch: 1 } }]);
  const [timing] = await timed.compare(3, { rounds: 1 });
  expect(timing!.time.median).toBeGreaterThan(0);
  await timed.close();
});
