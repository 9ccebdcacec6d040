import type { Numbers } from '../../../../../network/testing/builders';
import { GraphBuilder, type JsonNode } from './building';

/** A value of the graph and its shape without the batch: H×W×C or C. */
export interface Value {
  readonly name: string;
  readonly shape: readonly number[];
}

export type Attributes = JsonNode['attr'];

/** Adds nodes of drawn settings to a graph, names counted. */
export class Draft {
  readonly graph: GraphBuilder;
  private count = 0;

  constructor(
    readonly draw: Numbers,
    shape: readonly number[],
  ) {
    this.graph = new GraphBuilder(shape);
  }

  private name(what: string): string {
    return `${what}${this.count++}`;
  }

  node(op: string, inputs: readonly string[], shape: readonly number[], attributes: Attributes = {}): Value {
    return { name: this.graph.add(op, this.name('node'), inputs, attributes), shape };
  }

  weight(...shape: number[]): string {
    return this.graph.weight(this.name('weight'), ...shape);
  }

  /** Positive numbers: variances, divisors. */
  positive(channels: number): string {
    return this.graph.weight(this.name('var'), channels);
  }

  integers(...values: number[]): string {
    return this.graph.integers(this.name('list'), ...values);
  }

  integer(value: number): string {
    return this.graph.integer(this.name('number'), value);
  }

  number(value: number): string {
    return this.graph.scalar(this.name('scalar'), value);
  }

  /** Values above 0, for logarithms and roots. */
  exponential({ name, shape }: Value): Value {
    return this.node('Exp', [this.node('Tanh', [name], shape).name], shape);
  }

  /** Another value of the same shape. */
  branch({ name, shape }: Value): Value {
    return this.node(this.draw.pick(['Relu', 'Tanh', 'Sigmoid']), [name], shape);
  }
}

/** Draws what an operator needs around a value that it reads. */
export interface Recipe {
  readonly reads: 'image' | 'vector' | 'any';
  readonly apply: (draft: Draft, value: Value) => Value;
}

export const image = (apply: Recipe['apply']): Recipe => ({ reads: 'image', apply });
export const vector = (apply: Recipe['apply']): Recipe => ({ reads: 'vector', apply });
export const any = (apply: Recipe['apply']): Recipe => ({ reads: 'any', apply });
