import type { GraphNode, Network, Quantise, Tensor } from '../../../../network/graph';
import { isOrderless } from '../../../../network/extents';
import { valueReaders } from '../../valueReaders';
import { BuiltinOperator, QuantizationParametersT } from '../generated/tflite';
import type { Step, WriteContext } from './context';
import type { FusedNode } from './fusing';
import { biasLevels } from './stored';

/** Parameters of levels in int8, which is what runtimes compute with: those of uint8 are moved by half their range. */
export function signedLevels({ type, scale, zeroPoint }: Quantise): QuantizationParametersT {
  const zero = type === 'uint8' ? zeroPoint - 128 : zeroPoint;
  return new QuantizationParametersT([], [], [scale], [BigInt(zero)], 0, null, 0);
}

/** QUANTIZE; whoever wants numbers again dequantises the levels, which are a value's own. */
export function writeQuantise(node: GraphNode, operator: Quantise, context: WriteContext): void {
  const { tensor, shape } = context.first(node);
  const levels = signedLevels(operator);
  const held = context.levels(node.name, shape, levels);
  context.operator(BuiltinOperator.QUANTIZE, 1, [tensor], held);
  context.answerLevels(node.output, { tensor: held, shape, levels });
}

/**
 * What runtimes compute with levels alone: layers between values on levels, and what only moves levels. All else is
 * computed in numbers, between a DEQUANTIZE and a QUANTIZE.
 */
export class IntegerParts {
  /** By value that is read by a rounding and by nothing else: that rounding. */
  private readonly roundings: ReadonlyMap<string, GraphNode<Quantise>>;
  /** Roundings that are part of what is written already. */
  private readonly done = new Set<string>();

  constructor(
    parts: readonly FusedNode[],
    { outputs }: Network,
    private readonly context: WriteContext,
  ) {
    const readers = valueReaders(parts.map(({ node }) => node));
    const sole = [...readers].flatMap(([value, [reader, ...others]]) =>
      reader && others.length === 0 && isRounding(reader) && !outputs.includes(value)
        ? [[value, reader] as const]
        : [],
    );
    this.roundings = new Map(sole);
  }

  /** Writes a node with levels alone, if runtimes can; whether it did. @param write as it is written with numbers */
  tryWrite({ node }: FusedNode, write: () => Step): boolean {
    if (this.done.has(node.output)) return true;
    const { context } = this;
    const read = node.inputs.map((value) => context.leveledStep(value));
    const [first] = read;
    if (!first?.levels || read.includes(undefined)) return false;
    if (movesLevels(node, first)) {
      context.answerLevels(
        node.output,
        context.inLevels({ input: first.levels, output: first.levels }, write),
      );
      return true;
    }
    const rounding = this.roundings.get(node.output);
    if (!rounding || !computesWithLevels(node, first.levels, context)) return false;
    const output = signedLevels(rounding.operator);
    context.answerLevels(rounding.output, context.inLevels({ input: first.levels, output }, write));
    this.done.add(rounding.output);
    return true;
  }
}

function isRounding(node: GraphNode): node is GraphNode<Quantise> {
  return node.operator.kind === 'quantise';
}

/** Whether an operator only moves levels, or chooses among them. */
function movesLevels({ operator }: GraphNode, { shape }: Step): boolean {
  if (operator.kind === 'flatten' || operator.kind === 'reshape')
    return operator.order === 'hwc' || isOrderless(shape);
  if (operator.kind !== 'pool' || operator.reduce !== 'max') return false;
  const { top, bottom, left, right } = operator.padding;
  return top + bottom + left + right === 0 && !operator.roundUp;
}

function computesWithLevels(
  { operator, inputs }: GraphNode,
  levels: QuantizationParametersT,
  context: WriteContext,
): boolean {
  if (operator.kind === 'conv2d') return hasLevels(operator.kernel, operator.bias, levels);
  if (operator.kind === 'dense') return hasLevels(operator.weights, operator.bias, levels);
  if (operator.kind !== 'add') return operator.kind === 'globalPool' && operator.reduce === 'average';
  const [one, other, ...more] = inputs.map((value) => context.shape(value));
  return more.length === 0 && one?.join() === other?.join();
}

/** Weights in whole numbers around zero, and a bias that there are whole numbers for. */
function hasLevels({ stored }: Tensor, bias: Float32Array | null, levels: QuantizationParametersT): boolean {
  if (stored?.type !== 'int8' || stored.zeroPoint !== 0) return false;
  const { scales } = biasLevels(bias ?? new Float32Array(0), stored.scales, levels);
  return scales.every((scale, channel) => scale > 0 && Math.abs(bias![channel]! / scale) < 2 ** 31 - 1);
}
