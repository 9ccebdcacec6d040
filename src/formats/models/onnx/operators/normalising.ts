import type { Elementwise, Operator } from '../../../../network/graph';
import type { View } from '../axes';
import { constantOperand, type OperandOptions } from '../constants';
import { cannot } from '../context';
import { fromFront, type NodeDraft, type OnnxNode } from '../node';

/** LayerNormalization over the last axes, in the operators that it is made of. */
export function layerNormalisation(node: OnnxNode): NodeDraft {
  const view = node.view(0);
  const rank = view.axes.length;
  const first = fromFront(node.integer('axis', -1), rank + 1) - 1;
  if (first < 0) cannot('it normalises over the batch.');
  if (node.proto.outputs.slice(1).some((output) => node.context.isUsed(output)))
    cannot('its means and deviations are used.');
  const axes = view.axes.slice(first);
  return normalised(node, view, axes, (value) => scaled(node, value, view));
}

/** InstanceNormalization over the height and width of each channel. */
export function instanceNormalisation(node: OnnxNode): NodeDraft {
  const view = node.view(0);
  const [channels] = view.axes;
  if (view.axes.length < 2) cannot('it normalises a vector, expected an image.');
  // One number per channel stands for every place of it.
  const count = node.context.shapes.get(view.value)![channels!]!;
  const dims = view.axes.map((axis) => (axis === channels ? count : 1));
  return normalised(node, view, view.axes.slice(1), (value) => scaled(node, value, view, { dims }));
}

/** (x − mean) / √(mean of squares + ε), and what follows it. */
function normalised(
  node: OnnxNode,
  view: View,
  axes: readonly number[],
  finish: (value: string) => NodeDraft,
): NodeDraft {
  const { context } = node;
  const step = (operator: Operator, ...inputs: readonly string[]) =>
    context.helper(node.output, operator, inputs);
  const mean: Operator = { kind: 'reduce', function: 'mean', axes, keepDimensions: true };
  const by = (name: Elementwise['function']): Operator => ({ kind: 'elementwise', function: name });
  const of = (name: 'square' | 'sqrt'): Operator => ({
    kind: 'activation',
    function: name,
    alpha: 0,
    beta: 0,
  });
  const value = { shape: [1], data: Float32Array.of(node.float('epsilon', 1e-5)) };
  const epsilon = context.helper(`${node.output}/epsilon`, { kind: 'constant', value }, []);
  const centred = step(by('subtract'), view.value, step(mean, view.value));
  const variance = step(mean, step(of('square'), centred));
  const deviation = step(of('sqrt'), step({ kind: 'add' }, variance, epsilon));
  return finish(step(by('divide'), centred, deviation));
}

/** Times the scale, plus the offset where there is one. */
function scaled(node: OnnxNode, value: string, view: View, options: OperandOptions = {}): NodeDraft {
  const place = { value: view.value, axes: view.axes };
  const product = [value, constantOperand(node, 1, place, options)];
  if (node.inputName(2) === null) return { operator: { kind: 'multiply' }, inputs: product, axes: view.axes };
  const scaledValue = node.context.helper(node.output, { kind: 'multiply' }, product);
  return {
    operator: { kind: 'add' },
    inputs: [scaledValue, constantOperand(node, 2, place, options)],
    axes: view.axes,
  };
}
