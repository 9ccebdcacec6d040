import { FailureError } from '../../../network/failure';
import type { GraphNode, Network, Shape } from '../../../network/graph';
import { inferShapes } from '../../../network/shapes';
import { unsupportedNodes } from '../../../network/validate';
import type { NamedFile } from '../../file';
import { encodeMessage } from '../protobuf';
import { isRefused, refusalOf, refusals } from '../refusals';
import { countedIn } from '../elementOrder';
import type { ModelWriter } from '../writer';
import { netSchema, type LayerInput, type NetInput } from './schema';
import { textOf } from './text/write';
import { CaffeWriter, cannotWrite } from './writing/context';
import { writeBatchNorm, writeConvolution, writeDense, writeGlobalPool, writePool } from './writing/layers';
import {
  writeActivation,
  writeCombination,
  writeConcat,
  writeElementwise,
  writeFlatten,
  writeLrn,
  writeParametricRelu,
  writeReshape,
  writeSlice,
  writeSoftmax,
} from './writing/others';

export const caffeWriter: ModelWriter = {
  id: 'caffe',
  title: 'Caffe',
  endings: ['.caffemodel'],
  layout: 'family',
  isOwnOnly: true,
  hint: 'and .prototxt beside it',
  form: 'Caffe',
  write: writeCaffe,
};

/**
 * Writes a network as Caffe's two files: a prototxt for inference, with an Input layer, and a caffemodel.
 * Batch normalisation is kept, as BatchNorm and Scale.
 *
 * @throws FailureError `unsupported-operator` or `invalid-network` where Caffe has nothing like a node
 */
export function writeCaffe(given: Network): readonly NamedFile[] {
  const network = countedIn('chw', given);
  const writer = new CaffeWriter(knownShapes(network), network.nodes);
  for (const node of network.nodes) writeNode(node, writer);
  const name = network.name || 'network';
  const net: NetInput = { name, layer: [inputLayer(network), ...writer.layers] };
  return [
    { name: `${name}.caffemodel`, bytes: encodeMessage(netSchema, net) },
    { name: `${name}.prototxt`, bytes: new TextEncoder().encode(textOf(netSchema, net, ['blobs'])) },
  ];
}

/** The input, with what is known of its preprocessing, which Caffe's Input layer itself does not look at. */
function inputLayer({ input, source, preprocessing, nodes }: Network): LayerInput {
  const { name, shape } = input;
  const batch = typeof source.batch === 'number' ? source.batch : 1;
  const extents = shape.length === 3 ? [shape[2]!, shape[0]!, shape[1]!] : shape;
  const [scale] = preprocessing?.scale ?? [];
  return {
    name: nodes.some((node) => node.name === name) ? `${name}_input` : name,
    type: 'Input',
    top: [name],
    ...(preprocessing && scale !== undefined
      ? { transform_param: { scale, mean_value: Float32Array.from(preprocessing.mean) } }
      : {}),
    input_param: { shape: [{ dim: [batch, ...extents] }] },
  };
}

function knownShapes(network: Network): ReadonlyMap<string, Shape> {
  const { shapes, problems } = inferShapes(network);
  const [problem] = [...unsupportedNodes(network), ...problems];
  if (problem) throw new FailureError(problem.code, problem.message);
  return shapes;
}

function writeNode(node: GraphNode, writer: CaffeWriter): void {
  const { operator } = node;
  if (isRefused(refusals.caffe, operator)) return cannotWrite(node, refusalOf(refusals.caffe, operator));
  switch (operator.kind) {
    case 'conv2d':
      return writeConvolution(node, operator, writer);
    case 'dense':
      return writeDense(node, operator, writer);
    case 'batchNorm':
      return writeBatchNorm(node, operator, writer);
    case 'activation':
      return writeActivation(node, operator, writer);
    case 'pool':
      return writePool(node, operator, writer);
    case 'globalPool':
      return writeGlobalPool(node, operator, writer);
    case 'add':
    case 'multiply':
      return writeCombination(node, operator.kind, writer);
    case 'elementwise':
      return writeElementwise(node, operator, writer);
    case 'parametricRelu':
      return writeParametricRelu(node, operator, writer);
    case 'slice':
      return writeSlice(node, operator, writer);
    case 'concat':
      return writeConcat(node, operator, writer);
    case 'flatten':
      return writeFlatten(node, operator, writer);
    case 'reshape':
      return writeReshape(node, operator, writer);
    case 'softmax':
      return writeSoftmax(node, writer);
    case 'localResponseNormalisation':
      return writeLrn(node, operator, writer);
    case 'identity':
      return writer.layer(node, operator.origin === 'dropout' ? 'Dropout' : 'Split');
    default:
      return operator satisfies never;
  }
}
