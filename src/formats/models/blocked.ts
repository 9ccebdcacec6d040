import type { GraphNode } from '../../network/graph';

/** Which values lie behind a node that cannot be computed, and which node that is. */
export class BlockedValues {
  private readonly roots = new Map<string, string>();

  /** The node that keeps one of these values from being computed; null where none does. */
  rootOf(inputs: readonly string[]): string | null {
    return inputs.map((value) => this.roots.get(value)).find((root) => root !== undefined) ?? null;
  }

  /** Takes note of a node that was added. */
  note({ name, inputs, output, operator }: GraphNode): void {
    const root = operator.kind === 'unsupported' ? (operator.behind ?? name) : this.rootOf(inputs);
    if (root !== null) this.roots.set(output, root);
  }
}
