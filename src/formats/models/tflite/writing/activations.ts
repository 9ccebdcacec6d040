import type { Activation, GraphNode } from '../../../../network/graph';
import { BuiltinOperator, BuiltinOptions, GeluOptionsT, LeakyReluOptionsT } from '../generated/tflite';
import type { OperatorOptions } from './builder';
import { combine, combineWith } from './combining';
import { cannotWrite, type Step, type WriteContext } from './context';

/** Adds operators of one value that stand for a node, each by a name of its own but the last. */
class Chain {
  private count = 0;

  constructor(
    private readonly node: GraphNode,
    private readonly context: WriteContext,
  ) {}

  apply(code: BuiltinOperator, { tensor, shape }: Step): Step {
    return this.context.add(this.node, code, [tensor], { shape, part: this.part() });
  }

  with(kind: Parameters<typeof combineWith>[1], step: Step, value: number, isSecond = false): Step {
    return combineWith(this.node, kind, step, value, this.context, { part: this.part(), isSecond });
  }

  both(kind: Parameters<typeof combine>[1], left: Step, right: Step): Step {
    return combine(this.node, kind, left, right.tensor, this.context, { part: this.part() });
  }

  private part(): string {
    return `step${++this.count}`;
  }
}

export function writeActivation(node: GraphNode, operator: Activation, context: WriteContext): Step {
  const x = context.first(node);
  const { function: name, alpha, beta } = operator;
  const chain = new Chain(node, context);
  const single = (code: BuiltinOperator, more: Partial<OperatorOptions> = {}) =>
    context.add(node, code, [x.tensor], { shape: x.shape, ...more });
  switch (name) {
    case 'relu':
      return single(BuiltinOperator.RELU);
    case 'relu6':
      return single(BuiltinOperator.RELU6);
    case 'sigmoid':
      return single(BuiltinOperator.LOGISTIC);
    case 'tanh':
      return single(BuiltinOperator.TANH);
    case 'hardSwish':
      return single(BuiltinOperator.HARD_SWISH);
    case 'exp':
      return single(BuiltinOperator.EXP);
    case 'log':
      return single(BuiltinOperator.LOG);
    case 'sqrt':
      return single(BuiltinOperator.SQRT);
    case 'square':
      return single(BuiltinOperator.SQUARE);
    case 'abs':
      return single(BuiltinOperator.ABS);
    case 'negate':
      return single(BuiltinOperator.NEG);
    case 'leakyRelu': {
      const options = new LeakyReluOptionsT(alpha);
      return single(BuiltinOperator.LEAKY_RELU, { type: BuiltinOptions.LeakyReluOptions, options });
    }
    case 'gelu':
    case 'geluTanh': {
      const options = new GeluOptionsT(name === 'geluTanh');
      return single(BuiltinOperator.GELU, { type: BuiltinOptions.GeluOptions, options });
    }
    case 'elu':
      return alpha === 1 ? single(BuiltinOperator.ELU) : elu(x, alpha, chain);
    case 'swish':
      return chain.both('multiply', x, chain.apply(BuiltinOperator.LOGISTIC, x));
    case 'hardSigmoid': {
      const line = chain.with('add', chain.with('multiply', x, alpha), beta);
      return chain.with('minimum', chain.with('maximum', line, 0), 1);
    }
    case 'clip': {
      const bounded = alpha > -greatest ? chain.with('maximum', x, alpha) : x;
      return beta < greatest ? chain.with('minimum', bounded, beta) : bounded;
    }
    case 'selu':
      return chain.with('multiply', elu(x, alpha, chain), beta);
    case 'softplus':
      return softplus(x, chain);
    case 'mish':
      return chain.both('multiply', x, chain.apply(BuiltinOperator.TANH, softplus(x, chain)));
    case 'softsign':
      return chain.both('divide', x, chain.with('add', chain.apply(BuiltinOperator.ABS, x), 1));
    case 'reciprocal':
      return chain.with('divide', x, 1, true);
    case 'erf':
      return cannotWrite(node, 'the format has no error function');
    default:
      return name satisfies never;
  }
}

/** A bound beyond this is none: float32 ends there. */
const greatest = 3.4028234663852886e38;

/** relu(x) + alpha · (eᵐⁱⁿ⁽ˣ, ⁰⁾ − 1); the format's ELU has alpha 1. */
function elu(x: Step, alpha: number, chain: Chain): Step {
  const below = chain.apply(BuiltinOperator.ELU, chain.with('minimum', x, 0));
  return chain.both('add', chain.apply(BuiltinOperator.RELU, x), chain.with('multiply', below, alpha));
}

/** relu(x) + log(1 + e⁻|ˣ|), whose exponential never is too large. */
function softplus(x: Step, chain: Chain): Step {
  const small = chain.apply(
    BuiltinOperator.EXP,
    chain.apply(BuiltinOperator.NEG, chain.apply(BuiltinOperator.ABS, x)),
  );
  const rest = chain.apply(BuiltinOperator.LOG, chain.with('add', small, 1));
  return chain.both('add', chain.apply(BuiltinOperator.RELU, x), rest);
}
