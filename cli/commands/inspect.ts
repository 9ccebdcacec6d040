import { readNetwork } from '../../src/formats/models';
import { networkCost } from '../../src/network/cost';
import { describeLayers } from '../../src/network/describe';
import type { Network } from '../../src/network/graph';
import { readFiles } from '../inputs';
import { printAnswer, table } from '../output';

/** Lists what is in a network, also where the studio cannot compute with all of it. */
export async function inspect(model: readonly string[], options: { json: boolean }): Promise<void> {
  const network = await readNetwork(await readFiles(model, 'network'));
  const layers = describeLayers(network).map(
    ({ name, kind, shape, macs, parameters, rankMax, factorisation, kept, keptByDefault }) => ({
      name,
      kind,
      shape,
      macs,
      parameters,
      rankMax,
      factorisation,
      kept,
      keptByDefault,
    }),
  );
  const answer = { layers, ...networkCost(network), unsupported: unsupportedNodes(network) };
  printAnswer(options.json, answer, () =>
    [
      table([
        ['layer', 'shape', 'MACs', 'parameters', 'r_max', 'factorisation', 'kept'],
        ...layers.map((layer) => [
          layer.name,
          layer.shape,
          layer.macs,
          layer.parameters,
          layer.rankMax,
          layer.factorisation,
          layer.kept ?? layer.keptByDefault ?? '',
        ]),
      ]),
      '',
      `${answer.macs} MACs, ${answer.parameters} parameters`,
      ...answer.unsupported.map(
        (node) => `${node.name}: ${node.operator} cannot be computed here. ${node.reason}`,
      ),
    ].join('\n'),
  );
}

function unsupportedNodes(network: Network): { name: string; operator: string; reason: string }[] {
  return network.nodes.flatMap(({ name, operator }) =>
    operator.kind === 'unsupported' ? [{ name, operator: operator.operator, reason: operator.reason }] : [],
  );
}
