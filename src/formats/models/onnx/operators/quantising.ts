import type { Quantise } from '../../../../network/graph';
import { levelRange } from '../../../../network/stored';
import { cannot, type ReadContext } from '../context';
import type { NodeDraft, OnnxNode } from '../node';
import type { NodeProto } from '../schema';

/*
 * A file that computes in whole numbers goes through QuantizeLinear and DequantizeLinear. Here the value between them
 * is already what its levels stand for: the rounding is one operator, and going back changes nothing.
 */

/** Operators that only move levels, or choose among them. */
const movers: ReadonlySet<string> = new Set([
  ...['Flatten', 'Identity', 'MaxPool', 'Reshape', 'Squeeze', 'Transpose', 'Unsqueeze'],
]);

/** Rounds a computed value to the levels of a byte. */
export function quantise(node: OnnxNode): NodeDraft {
  const operator = levelsAt(node);
  if (node.context.outputs.has(node.output)) cannot('the network answers with its whole numbers.');
  node.context.levels.set(node.output, operator);
  return node.passOn(operator);
}

/** The numbers that a value's levels stand for: the value itself. */
export function dequantise(node: OnnxNode): null {
  const { context } = node;
  const input = node.computed(0);
  const found = context.levels.get(input) ?? cannot(`its input "${input}" is no QuantizeLinear's.`);
  const { type, scale, zeroPoint } = levelsAt(node, found.type);
  if (type !== found.type || scale !== found.scale || zeroPoint !== found.zeroPoint)
    cannot(`its scale or zero point is not that by which "${input}" was quantised.`);
  context.views.set(node.output, node.view(0));
  return null;
}

/**
 * Notes where levels go.
 *
 * @throws CannotCompute where an operator would compute with whole numbers
 */
export function followLevels({ inputs, outputs, operator = '' }: NodeProto, context: ReadContext): void {
  if (operator === 'DequantizeLinear') return;
  const levelled = inputs.find((name) => context.levels.has(name));
  if (levelled === undefined) return;
  const [input = '', ...others] = inputs;
  if (!movers.has(operator) || others.includes(levelled))
    cannot(
      `it computes in whole numbers ("${levelled}"); export the network with QuantizeLinear and DequantizeLinear around it.`,
    );
  for (const output of outputs) {
    if (context.outputs.has(output)) cannot('the network answers with its whole numbers.');
    context.levels.set(output, context.levels.get(input)!);
  }
}

/** @param absent type where no zero point says one */
function levelsAt(node: OnnxNode, absent: Quantise['type'] = 'uint8'): Quantise {
  const scale = node.scalar(1, 'scale');
  if (scale === null || !(scale > 0 && Number.isFinite(scale)))
    return cannot(`its scale is ${scale === null ? 'missing' : scale}, expected a positive number.`);
  if (node.inputName(2) === null) return { kind: 'quantise', type: absent, scale, zeroPoint: 0 };
  const zero = node.constant(2);
  if (zero?.kind !== 'levels' || (zero.type !== 'uint8' && zero.type !== 'int8'))
    return cannot(
      `its levels are ${zero?.kind === 'levels' ? zero.type : 'of no known type'}, expected bytes.`,
    );
  const [zeroPoint = 0, ...more] = zero.values();
  const { lowest, highest } = levelRange(zero.type);
  if (more.length > 0 || zeroPoint < lowest || zeroPoint > highest)
    cannot('its zero point is more than one number.');
  return { kind: 'quantise', type: zero.type, scale, zeroPoint };
}
