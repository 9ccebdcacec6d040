import type { Activation, DynamicQuantise, Quantise } from '../../../network/graph';
import type { SourceNode } from '../tfjs/graph/graphDef';

/** What TensorFlow gives a node beside its inputs, by its own names. */
export type Attributes = Readonly<
  Record<string, number | boolean | string | readonly number[] | readonly string[]>
>;

/** An operator of a file as the node of a TensorFlow graph that computes the same. */
export class TfliteNode implements SourceNode {
  constructor(
    readonly name: string,
    readonly op: string,
    readonly title: string,
    readonly inputs: readonly string[],
    private readonly attributes: Attributes = {},
    readonly after: readonly (Activation | Quantise | DynamicQuantise)[] = [],
  ) {}

  text(key: string, defaults: string): string {
    const value = this.attributes[key];
    return typeof value === 'string' ? value : defaults;
  }

  flag(key: string, defaults: boolean): boolean {
    const value = this.attributes[key];
    return typeof value === 'boolean' ? value : defaults;
  }

  number(key: string, defaults: number): number {
    const value = this.attributes[key];
    return typeof value === 'number' ? value : defaults;
  }

  integers(key: string): readonly number[] {
    const value = this.attributes[key];
    return Array.isArray(value) ? (value as readonly number[]) : [];
  }

  texts(key: string): readonly string[] {
    const value = this.attributes[key];
    return Array.isArray(value) ? (value as readonly string[]) : [];
  }

  shape(): null {
    return null;
  }
}
