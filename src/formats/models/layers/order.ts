import type { WrittenLayer } from './writing/context';

/**
 * Layers in the order in which Keras and TF.js list those of a Functional model: by their distance from the
 * outputs, the farthest first, and among equals in the order in which a walk from the outputs back to the input
 * meets them. Keras finds the weights in its files by this order.
 */
export function inKerasOrder(
  layers: readonly WrittenLayer[],
  outputs: readonly string[],
): readonly WrittenLayer[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const met = new Map<string, number>();
  const finished: string[] = [];
  const stack = [...outputs].reverse().map((name) => ({ name, isLeaving: false }));
  while (stack.length > 0) {
    const { name, isLeaving } = stack.pop()!;
    if (isLeaving) finished.push(name);
    if (isLeaving || met.has(name)) continue;
    met.set(name, met.size);
    stack.push({ name, isLeaving: true });
    for (const input of [...byName.get(name)!.inputs].reverse())
      stack.push({ name: input, isLeaving: false });
  }
  const depths = depthsOf(finished, byName);
  const depth = (name: string) => depths.get(name)!;
  const names = [...met.keys()].sort((a, b) => depth(b) - depth(a) || met.get(a)! - met.get(b)!);
  return names.map((name) => byName.get(name)!);
}

/** How many layers lie at most between each layer and an output. */
function depthsOf(
  finished: readonly string[],
  byName: ReadonlyMap<string, WrittenLayer>,
): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  for (const name of [...finished].reverse()) {
    const depth = depths.get(name) ?? 0;
    depths.set(name, depth);
    for (const input of byName.get(name)!.inputs)
      depths.set(input, Math.max(depth + 1, depths.get(input) ?? 0));
  }
  return depths;
}
