import type { Operator, Shape } from '../../../network/graph';
import { networkOf, nodeOf } from '../../../network/testing/builders';
import type { GradientCase } from './gradientCases';

interface Plain {
  readonly shape: Shape;
  readonly data: readonly number[];
}

/** An operator, and what PyTorch's autograd makes of it (see scripts/make-gradient-fixtures.py). */
export interface TorchCase {
  readonly title: string;
  readonly operator: Readonly<Record<string, unknown>>;
  /** With the batch in front. */
  readonly inputs: readonly Plain[];
  readonly cotangent: readonly number[];
  readonly inputGradients: readonly (readonly number[])[];
  /** By the operator's fields. */
  readonly weightGradients: Readonly<Record<string, readonly number[]>>;
}

/** All that was stored. */
export interface TorchTable {
  readonly cases: readonly TorchCase[];
  readonly losses: {
    readonly student: Plain;
    readonly teacher: Plain;
    readonly classes: readonly number[];
    readonly temperature: number;
    readonly divergence: number;
    readonly divergenceGradient: readonly number[];
    readonly crossEntropy: number;
    readonly crossEntropyGradient: readonly number[];
  };
  readonly optimisers: {
    readonly start: readonly (readonly number[])[];
    readonly gradients: readonly (readonly (readonly number[])[])[];
    readonly rates: readonly number[];
    readonly clip: number;
    readonly paths: readonly {
      readonly name: 'adam' | 'sgd';
      readonly path: readonly (readonly (readonly number[])[])[];
    }[];
  };
}

/**
 * A case as a network whose first parameters are the operator's inputs: each comes out of a dense layer of its own that
 * is asked for one image after the other.
 */
export function networkOfCase({ title, operator, inputs }: TorchCase): GradientCase {
  const images = inputs[0]!.shape[0]!;
  const sources = inputs.flatMap(({ shape, data }, at) => {
    const [, ...own] = shape;
    const size = data.length / images;
    const weights = { shape: [images, size], data: Float32Array.from(data) };
    return [
      nodeOf(`dense${at}`, ['image'], { kind: 'dense', weights, bias: null }),
      nodeOf(`input${at}`, [`dense${at}:0`], { kind: 'reshape', shape: own, order: 'hwc' }),
    ];
  });
  const node = nodeOf(
    'operator',
    inputs.map((_, at) => `input${at}:0`),
    spelled(operator),
  );
  const input = Float32Array.from({ length: images * images }, (_, at) => (at % (images + 1) === 0 ? 1 : 0));
  return { name: title, network: networkOf([images], [...sources, node]), input };
}

/** An operator with its lists of numbers as arrays. */
function spelled(operator: TorchCase['operator']): Operator {
  const lists = new Set(['bias', 'scale', 'offset', 'mean', 'variance']);
  const entries = Object.entries(operator).map(([name, value]) => {
    if (lists.has(name) && Array.isArray(value)) return [name, Float32Array.from(value as number[])];
    const tensor = value as Plain | null;
    const isTensor = typeof value === 'object' && value !== null && 'data' in value;
    return [name, isTensor ? { shape: tensor!.shape, data: Float32Array.from(tensor!.data) } : value];
  });
  return Object.fromEntries(entries) as Operator;
}
