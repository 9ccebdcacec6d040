import { dynamicLevelsOf, hasSignedWeights, roundsAsItRuns } from '../network/dynamicLevels';
import { isLayer } from '../network/layerNodes';
import type { Network } from '../network/graph';
import type { Patch, Replacement } from '../network/patch';
import { unusedName } from '../network/unusedName';

/** Rounds what goes into layers with weights in int8 as runtimes do that find its levels as they run. */
export function withDynamicRounding({ nodes }: Network): Patch {
  const taken = new Set(nodes.flatMap(({ name, output }) => [name, output]));
  const fresh = (wanted: string) => unusedName(wanted, taken);
  const rounded = new Set(nodes.filter(roundsAsItRuns).map(({ output }) => output));
  const replacements = nodes.flatMap((node): Replacement[] => {
    const [input = ''] = node.inputs;
    const operator = isLayer(node) && hasSignedWeights(node) ? dynamicLevelsOf(node.operator) : null;
    if (!operator || rounded.has(input)) return [];
    const output = fresh(`${node.name}/rounded`);
    const rounding = { name: fresh(`${node.name}/round`), inputs: [input], output, operator };
    return [{ node: node.name, nodes: [rounding, { ...node, inputs: [output] }] }];
  });
  return { replacements };
}

/** Leaves values as they are that were rounded to levels found as the network runs. */
export function withoutDynamicRounding({ nodes }: Network): Patch {
  const replacements = nodes.filter(roundsAsItRuns).map((node) => ({
    node: node.name,
    nodes: [{ ...node, operator: { kind: 'identity', origin: 'identity' } as const }],
  }));
  return { replacements };
}
