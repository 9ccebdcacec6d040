import type { GraphNode, Quantise } from '../../../../network/graph';
import type { WriteContext } from './context';

/** QuantizeLinear and back, which runtimes join with what stands around them. */
export function writeQuantise(
  node: GraphNode,
  { type, scale, zeroPoint }: Quantise,
  context: WriteContext,
): void {
  const parameters = [
    context.floats(node, 'scale', [], Float32Array.of(scale)),
    context.bytes(
      node,
      'zeroPoint',
      [],
      type === 'uint8' ? Uint8Array.of(zeroPoint) : Int8Array.of(zeroPoint),
    ),
  ];
  const output = context.fresh(`${node.output}/levels`);
  context.node({ ...node, output }, 'QuantizeLinear', { inputs: [...node.inputs, ...parameters] });
  const back = { ...node, name: context.fresh(`${node.name}/back`) };
  context.node(back, 'DequantizeLinear', { inputs: [output, ...parameters] });
}
