/** What operators that are not computed are for, and what to do instead, by name. */
const advice: ReadonlyMap<string, string> = new Map([
  ...each(
    ['ConvTranspose', 'DeformConv', 'Col2Im', 'DepthToSpace', 'SpaceToDepth'],
    'it makes images larger or bends them, which networks that classify do not need; export the part that classifies.',
  ),
  ...each(
    ['LSTM', 'GRU', 'RNN'],
    'it keeps a state from step to step; only convolutional networks are compressed, so export the part before it.',
  ),
  ...each(
    ['If', 'Loop', 'Scan', 'Where', 'NonZero'],
    'what it computes depends on the values; export the network with fixed sizes and constants folded (onnxsim).',
  ),
  ...each(
    ['DynamicQuantizeLinear', 'QLinearConv', 'QLinearMatMul', 'ConvInteger', 'MatMulInteger'],
    'it computes in whole numbers; export the network with QuantizeLinear and DequantizeLinear around its layers (QDQ), or in floating point.',
  ),
  ...each(
    ['NonMaxSuppression', 'RoiAlign', 'MaxRoiPool', 'TopK', 'ArgMax', 'ArgMin'],
    'it chooses among answers; export the network without what follows its scores.',
  ),
  ...each(
    ['Expand', 'Range', 'Tile', 'ConstantOfShape', 'Shape'],
    'it works on sizes that are not known before it runs; export the network with fixed sizes and constants folded (onnxsim).',
  ),
  ...each(
    ['Einsum', 'ScatterND', 'GatherND', 'GatherElements'],
    'the studio does not know this operator; export the network with another spelling or a lower opset_version.',
  ),
]);

function each(names: readonly string[], text: string): readonly (readonly [string, string])[] {
  return names.map((name) => [name, text]);
}

/** Why an operator of ONNX's own cannot be computed and what to do. */
export function adviceFor(operator: string | undefined): string {
  return (
    advice.get(operator ?? '') ??
    'the studio does not know this operator; export the network with simpler ones, or only the part before it.'
  );
}

/** The same for an operator that is not ONNX's own. */
export function otherDomainText(domain: string): string {
  return `it is of the domain "${domain}"; export the network without optimising it for one runtime, in ONNX's own operators.`;
}
