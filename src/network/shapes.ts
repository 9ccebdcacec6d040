import { FailureError, fail, type Failure } from './failure';
import type {
  BatchNorm,
  Concat,
  Conv2d,
  Dense,
  GlobalPool,
  GraphNode,
  Network,
  Operator,
  Pad,
  Padding,
  Pool,
  Reshape,
  Shape,
} from './graph';
import { slidingOutput } from './window';

/** Shapes of all values that can be worked out, and what stood in the way of the others. */
export interface ShapeReport {
  /** By value name; values downstream of an unsupported or misfitting node have no entry. */
  readonly shapes: ReadonlyMap<string, Shape>;
  /** Misfits, one sentence each; unsupported nodes are no misfit. */
  readonly problems: readonly Failure[];
}

/** Number of values of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** A shape for a person: "32×32×3". */
export function shapeText(shape: Shape): string {
  return shape.length === 0 ? 'a single number' : shape.join('×');
}

/** Works out the shape of every value in network order. */
export function inferShapes(network: Network): ShapeReport {
  const shapes = new Map<string, Shape>([[network.input.name, network.input.shape]]);
  const problems: Failure[] = [];
  for (const node of network.nodes) {
    const inputs = node.inputs.map((value) => shapes.get(value));
    if (node.operator.kind === 'unsupported' || !inputs.every((shape) => shape !== undefined)) continue;
    try {
      shapes.set(node.output, outputShape(node, inputs));
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      problems.push(error.failure);
    }
  }
  return { shapes, problems };
}

/**
 * Shape of the value that a node writes.
 *
 * @throws FailureError `invalid-network` where the inputs do not fit the operator, `unsupported-operator`
 * where the operator is one the studio does not know; the sentence names the node.
 */
export function outputShape(node: GraphNode, inputs: readonly Shape[]): Shape {
  requireInputCount(node, inputs.length);
  return shapeOf(node, node.operator, inputs);
}

function shapeOf(node: GraphNode, operator: Operator, inputs: readonly Shape[]): Shape {
  const [input] = inputs;
  switch (operator.kind) {
    case 'conv2d':
      return convolutionShape(node, operator, input);
    case 'dense':
      return denseShape(node, operator, input);
    case 'batchNorm':
      return batchNormShape(node, operator, input);
    case 'activation':
    case 'identity':
      return input;
    case 'softmax':
    case 'localResponseNormalisation':
      return requireAxes(node, input);
    case 'pool':
      return poolShape(node, operator, input);
    case 'globalPool':
      return globalPoolShape(node, operator, input);
    case 'add':
    case 'multiply':
      return inputs.reduce((left, right) => broadcast(node, left, right));
    case 'concat':
      return concatShape(node, operator, inputs);
    case 'pad':
      return padShape(node, operator, input);
    case 'flatten':
      return [sizeOf(input)];
    case 'reshape':
      return reshapeShape(node, operator, input);
    case 'constant':
      return operator.value.shape;
    case 'unsupported':
      return fail('unsupported-operator', unsupportedText(node.name, operator));
    default:
      return operator satisfies never;
  }
}

/** The sentence that names an operator the studio cannot compute. */
export function unsupportedText(
  nodeName: string,
  operator: { readonly operator: string; readonly reason: string },
): string {
  return `Node "${nodeName}" (${operator.operator}) is not supported: ${operator.reason}`;
}

function misfit(node: GraphNode, sentence: string): never {
  return fail('invalid-network', `Node "${node.name}" (${node.operator.kind}): ${sentence}`);
}

const minInputs: Readonly<Partial<Record<Operator['kind'], number>>> = {
  constant: 0,
  add: 2,
  multiply: 2,
};
const anyNumberOfInputs: ReadonlySet<Operator['kind']> = new Set([
  'add',
  'multiply',
  'concat',
  'unsupported',
]);

function requireInputCount(node: GraphNode, count: number): void {
  const { kind } = node.operator;
  const fewest = minInputs[kind] ?? 1;
  const fits = anyNumberOfInputs.has(kind) ? count >= fewest : count === fewest;
  if (fits || kind === 'unsupported') return;
  const expected = `${anyNumberOfInputs.has(kind) ? 'at least ' : ''}${fewest}`;
  misfit(node, `expected ${expected} input(s), found ${count}.`);
}

function requireImage(node: GraphNode, input: Shape): Shape {
  if (input.length === 3) return input;
  return misfit(node, `expected an image (height×width×channels), found ${shapeText(input)}.`);
}

function requireAxes(node: GraphNode, input: Shape): Shape {
  return input.length > 0 ? input : misfit(node, 'expected at least one axis, found a single number.');
}

function requireLastAxis(node: GraphNode, input: Shape, expected: number, what: string): void {
  if (input.at(-1) === expected) return;
  misfit(node, `expected ${expected} ${what}, found an input of shape ${shapeText(input)}.`);
}

function requireWhole(node: GraphNode, what: string, min: number, values: readonly number[]): void {
  const wrong = values.find((value) => !Number.isInteger(value) || value < min);
  if (wrong !== undefined) misfit(node, `${what} must be whole numbers of at least ${min}, found ${wrong}.`);
}

function sides(padding: Padding): readonly number[] {
  return [padding.top, padding.bottom, padding.left, padding.right];
}

function convolutionShape(node: GraphNode, operator: Conv2d, input: Shape): Shape {
  const { kernel, stride, dilation, padding, groups } = operator;
  requireImage(node, input);
  if (kernel.shape.length !== 4)
    misfit(node, `expected a kernel of 4 axes, found ${shapeText(kernel.shape)}.`);
  requireWhole(node, 'kernel extents, strides, dilations and groups', 1, [
    ...kernel.shape,
    ...[stride.height, stride.width, dilation.height, dilation.width, groups],
  ]);
  requireWhole(node, 'padding', 0, sides(padding));
  const outputs = kernel.shape[3];
  if (outputs % groups !== 0)
    misfit(node, `${outputs} output channels cannot be split into ${groups} groups.`);
  requireLastAxis(node, input, kernel.shape[2] * groups, 'input channels');
  return slidShape(node, operator, input, kernel.shape, outputs);
}

function poolShape(node: GraphNode, operator: Pool, input: Shape): Shape {
  const { window, stride, padding } = operator;
  requireImage(node, input);
  const extents = [window.height, window.width, stride.height, stride.width];
  requireWhole(node, 'window and strides', 1, extents);
  requireWhole(node, 'padding', 0, sides(padding));
  const tooWide = Math.max(padding.top, padding.bottom) >= window.height;
  if (tooWide || Math.max(padding.left, padding.right) >= window.width) {
    misfit(node, `padding must be smaller than the window of ${window.height}×${window.width}.`);
  }
  return slidShape(node, operator, input, [window.height, window.width], input[2]);
}

function slidShape(
  node: GraphNode,
  operator: Conv2d | Pool,
  input: Shape,
  window: Shape,
  channels: number,
): Shape {
  const { height, width } = slidingOutput(operator, input);
  if (height >= 1 && width >= 1) return [height, width, channels];
  const size = `${window[0]}×${window[1]}`;
  return misfit(
    node,
    `a window of ${size} does not fit an input of shape ${shapeText(input)} with its padding.`,
  );
}

function denseShape(node: GraphNode, operator: Dense, input: Shape): Shape {
  const { shape } = operator.weights;
  if (shape.length !== 2) misfit(node, `expected weights of 2 axes, found ${shapeText(shape)}.`);
  requireLastAxis(node, input, shape[0], 'inputs on the last axis');
  return [...input.slice(0, -1), shape[1]];
}

function batchNormShape(node: GraphNode, operator: BatchNorm, input: Shape): Shape {
  requireLastAxis(node, input, operator.scale.length, 'channels');
  return input;
}

function globalPoolShape(node: GraphNode, operator: GlobalPool, input: Shape): Shape {
  const channels = requireImage(node, input)[2];
  return operator.keepDimensions ? [1, 1, channels] : [channels];
}

/** Shape of an elementwise operation: axes align at the last one, and an extent of 1 (or a missing axis) stretches. */
function broadcast(node: GraphNode, left: Shape, right: Shape): Shape {
  const axes = Math.max(left.length, right.length);
  const extentAt = (shape: Shape, axis: number) => shape[axis - axes + shape.length] ?? 1;
  return Array.from({ length: axes }, (_, axis) => {
    const [a, b] = [extentAt(left, axis), extentAt(right, axis)];
    if (a === b || b === 1) return a;
    if (a === 1) return b;
    return misfit(node, `shapes ${shapeText(left)} and ${shapeText(right)} cannot be combined.`);
  });
}

function concatShape(node: GraphNode, { axis }: Concat, inputs: readonly Shape[]): Shape {
  const [head] = inputs;
  if (!Number.isInteger(axis) || axis < 0 || axis >= head.length) {
    misfit(node, `axis ${axis} is not one of the ${head.length} axes of its first input.`);
  }
  const misfitting = inputs.find((shape) => !equalBut(axis, head, shape));
  if (misfitting)
    misfit(node, `shapes ${shapeText(head)} and ${shapeText(misfitting)} cannot be joined on axis ${axis}.`);
  const joined = inputs.reduce((sum, shape) => sum + shape[axis], 0);
  return head.map((extent, index) => (index === axis ? joined : extent));
}

function equalBut(axis: number, left: Shape, right: Shape): boolean {
  return (
    left.length === right.length && left.every((extent, index) => index === axis || extent === right[index])
  );
}

function padShape(node: GraphNode, { padding }: Pad, input: Shape): Shape {
  const [height, width, channels] = requireImage(node, input);
  requireWhole(node, 'padding', 0, sides(padding));
  return [height + padding.top + padding.bottom, width + padding.left + padding.right, channels];
}

function reshapeShape(node: GraphNode, { shape }: Reshape, input: Shape): Shape {
  requireWhole(node, 'extents', 1, shape);
  if (sizeOf(shape) === sizeOf(input)) return shape;
  const found = `${shapeText(input)} (${sizeOf(input)} values)`;
  return misfit(node, `cannot reshape ${found} to ${shapeText(shape)} (${sizeOf(shape)} values).`);
}
