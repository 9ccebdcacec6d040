import type { View } from '../axes';
import { cannot } from '../context';
import { fromFront, type NodeDraft, type OnnxNode } from '../node';

/** Zeros, or other values, before and behind one axis of ours. */
interface Side {
  readonly axis: number;
  readonly before: number;
  readonly after: number;
}

/** Pad: images with a constant, or any axis by repeating what is there along any axis. */
export function pad(node: OnnxNode): NodeDraft {
  const view = node.view(0);
  const mode = node.text('mode', 'constant') || 'constant';
  const sides = sidesOf(node, view);
  if (mode !== 'constant') return repeating(node, view, mode, sides);
  const value = node.opset < 11 ? node.float('value', 0) : (node.scalar(2, 'padding value') ?? 0);
  if (sides.some(({ before, after }) => before < 0 || after < 0))
    cannot('it cuts off values (negative pads), expected pads from 0 up.');
  if (node.context.shapes.get(view.value)!.length !== 3)
    cannot(`it pads a value of ${view.axes.length} axes, expected an image.`);
  const at = (axis: number) => sides.find((side) => side.axis === axis) ?? { before: 0, after: 0 };
  const [rows, columns, { before, after }] = [at(0), at(1), at(2)];
  const padding = {
    ...{ top: rows.before, bottom: rows.after },
    ...{ left: columns.before, right: columns.after },
  };
  const channels = before + after > 0 ? { channels: { before, after } } : {};
  return node.passOn({ kind: 'pad', padding, ...channels, value });
}

/** What is added along each axis; axes to which nothing is added are left out. */
function sidesOf(node: OnnxNode, { axes }: View): readonly Side[] {
  const rank = axes.length + 1;
  const pads = allPads(node, rank);
  if (pads.length !== 2 * rank) cannot(`its pads are [${pads.join(', ')}], expected ${2 * rank}.`);
  if (pads[0] !== 0 || pads[rank] !== 0) cannot('it pads the batch.');
  return axes
    .map((axis, index) => ({ axis, before: pads[index + 1]!, after: pads[index + 1 + rank]! }))
    .filter(({ before, after }) => before !== 0 || after !== 0);
}

/** Pads of all axes, starts before ends. */
function allPads(node: OnnxNode, rank: number): readonly number[] {
  const pads = (node.opset < 11 ? node.integers('pads') : node.integersAt(1, 'list of pads')) ?? [];
  const axes = node.opset < 18 ? null : node.integersAt(3, 'list of axes');
  if (!axes) return pads;
  const all = new Array<number>(2 * rank).fill(0);
  axes.forEach((axis, index) => {
    const at = fromFront(axis, rank);
    if (at < 0 || at >= rank) cannot(`it pads axis ${axis} of a value of ${rank} axes.`);
    all[at] = pads[index] ?? 0;
    all[at + rank] = pads[index + axes.length] ?? 0;
  });
  return all;
}

/** Padding by mirrored, outermost or wrapped values picks them by their indices, one axis after the other. */
function repeating(node: OnnxNode, view: View, mode: string, sides: readonly Side[]): NodeDraft {
  const source =
    sources.get(mode) ?? cannot(`it pads by "${mode}", expected constant, edge, reflect or wrap.`);
  const shape = node.context.shapes.get(view.value)!;
  const gathers = sides.map(({ axis, before, after }) => {
    const extent = shape[axis]!;
    const indices = Array.from({ length: before + extent + after }, (_, at) => source(at - before, extent));
    if (indices.some((index) => index < 0 || index >= extent))
      cannot(`it pads ${extent} values by "${mode}" with more than there are.`);
    return { kind: 'gather', axis, indices } as const;
  });
  const last = gathers.pop() ?? ({ kind: 'identity', origin: 'identity' } as const);
  const input = gathers.reduce((value, gather) => node.context.helper(value, gather, [value]), view.value);
  return { operator: last, inputs: [input], axes: view.axes };
}

/** By mode, from which index of an axis a place beyond its ends is taken. */
const sources: ReadonlyMap<string, (at: number, extent: number) => number> = new Map([
  ['edge', (at, extent) => Math.max(0, Math.min(extent - 1, at))],
  ['reflect', (at, extent) => (at < 0 ? -at : at >= extent ? 2 * (extent - 1) - at : at)],
  ['wrap', (at, extent) => (at + extent) % extent],
]);
