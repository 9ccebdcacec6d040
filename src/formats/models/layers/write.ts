import { FailureError } from '../../../network/failure';
import type { Constant, GraphNode, Network, Operator } from '../../../network/graph';
import { inferShapes } from '../../../network/shapes';
import { unsupportedNodes } from '../../../network/validate';
import { isRefused, refusalOf, refusals } from '../refusals';
import { countedIn } from '../elementOrder';
import type { JsonObject } from './json';
import { inKerasOrder } from './order';
import { WriteContext, cannotWrite, type Dialect, type WrittenLayer } from './writing/context';
import { writeActivation } from './writing/activations';
import { writeCombination, writeElementwise } from './writing/combining';
import { batchNormLayer, writeConvolution, writeDense, writeParametricRelu } from './writing/layers';
import {
  writeGather,
  writeMatrixProduct,
  writeReduce,
  writeSlice,
  writeTranspose,
} from './writing/regrouping';
import { writeResize } from './writing/resizing';
import { writeConcat, writeFlatten, writeGlobalPool, writeReshape } from './writing/shaping';
import { writePool, zeroPad } from './writing/sliding';

/** A Functional model: its description and its layers in Keras's own order. */
export interface WrittenModel {
  /** `{class_name, config}` as Keras 2 and 3 and TF.js read it. */
  readonly topology: JsonObject;
  readonly layers: readonly WrittenLayer[];
}

/**
 * Describes a network as a Functional model of Keras layers, channels last.
 *
 * @param modules whether layers name the module they come from, as archives of Keras 3 do
 * @throws FailureError `unsupported-operator` naming the layer that Keras or TF.js cannot express,
 * `invalid-network` where the graph does not fit together
 */
export function modelOfNetwork(
  network: Network,
  dialect: Dialect,
  { modules = dialect === 'keras' } = {},
): WrittenModel {
  const [problem] = [...unsupportedNodes(network), ...inferShapes(network).problems];
  if (problem) throw new FailureError(problem.code, problem.message);
  const ordered = countedIn('hwc', network);
  const context = new WriteContext(dialect, ordered);
  const input = inputLayer(ordered, context);
  for (const node of ordered.nodes) {
    const { operator, output } = node;
    if (operator.kind !== 'constant') context.answer(output, writeNode(node, operator, context));
  }
  const outputs = ordered.outputs.map((value) => context.layerOf(value, 'The network'));
  const layers = inKerasOrder(context.layers, outputs);
  return { topology: topologyOf(network.name, input, outputs, layers, modules), layers };
}

function inputLayer({ input }: Network, context: WriteContext): string {
  const name = context.layerName(input.name || 'input');
  const config = { batch_input_shape: [null, ...input.shape], dtype: 'float32', name };
  context.layers.push({ className: 'InputLayer', name, config, inputs: [], weights: [] });
  context.answer(input.name, name);
  return name;
}

function topologyOf(
  name: string,
  input: string,
  outputs: readonly string[],
  layers: readonly WrittenLayer[],
  modules: boolean,
): JsonObject {
  // Keras 3 looks classes up by module; readers before it know the classes by their names alone.
  const place = (module: string) => (modules ? { module, registered_name: null } : {});
  const config = {
    name: name.replace(/[^A-Za-z0-9_.-]+/g, '_') || 'network',
    trainable: true,
    layers: layers.map(({ className, name: layer, config: settings, inputs }) => ({
      ...place('keras.layers'),
      class_name: className,
      config: settings,
      name: layer,
      inbound_nodes: inputs.length === 0 ? [] : [inputs.map((from) => [from, 0, 0, {}])],
    })),
    input_layers: [[input, 0, 0]],
    output_layers: outputs.map((output) => [output, 0, 0]),
  };
  return { ...place('keras.models'), class_name: 'Model', config };
}

/** Constants are written as part of what reads them. */
function writeNode(node: GraphNode, operator: Exclude<Operator, Constant>, context: WriteContext): string {
  if (isRefused(refusals.layers, operator))
    return cannotWrite(context, node, refusalOf(refusals.layers, operator));
  switch (operator.kind) {
    case 'conv2d':
      return writeConvolution(node, operator, context);
    case 'dense':
      return writeDense(node, operator, context);
    case 'batchNorm':
      return context.add(node, 'BatchNormalization', batchNormLayer(operator));
    case 'activation':
      return writeActivation(node, operator, context);
    case 'pool':
      return writePool(node, operator, context);
    case 'globalPool':
      return writeGlobalPool(node, operator, context);
    case 'add':
    case 'multiply':
      return writeCombination(node, operator.kind, context);
    case 'elementwise':
      return writeElementwise(node, operator, context);
    case 'matrixProduct':
      return writeMatrixProduct(node, operator, context);
    case 'parametricRelu':
      return writeParametricRelu(node, operator, context);
    case 'transpose':
      return writeTranspose(node, operator, context);
    case 'slice':
      return writeSlice(node, operator, context);
    case 'gather':
      return writeGather(node, operator, context);
    case 'resize':
      return writeResize(node, operator, context);
    case 'reduce':
      return writeReduce(node, operator, context);
    case 'logSoftmax': {
      const activation = context.dialect === 'tfjs' ? 'logSoftmax' : 'log_softmax';
      return context.add(node, 'Activation', { config: { activation } });
    }
    case 'concat':
      return writeConcat(node, operator, context);
    case 'pad':
      if (operator.value !== 0)
        cannotWrite(context, node, `it pads with ${operator.value}, and only zeros can be written`);
      if (operator.channels)
        cannotWrite(context, node, 'it adds channels, and only height and width can be padded');
      return zeroPad(node, operator.padding, context, '');
    case 'flatten':
      return writeFlatten(node, operator, context);
    case 'reshape':
      return writeReshape(node, operator, context);
    case 'softmax':
      return context.add(node, 'Activation', { config: { activation: 'softmax' } });
    case 'identity':
      return operator.origin === 'dropout'
        ? context.add(node, 'Dropout', { config: { rate: 0 } })
        : context.add(node, 'Activation', { config: { activation: 'linear' } });
    default:
      return operator satisfies never;
  }
}
