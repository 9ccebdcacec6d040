import { attribute } from './building';
import { any, image, vector, type Attributes, type Draft, type Recipe, type Value } from './draft';

const whole = (value: number) => ({ i: String(value) });

/** A function of one value, of values above 0 where only those have an answer. */
const unary = (op: string, isPositive = false): Recipe =>
  any((draft, value) =>
    draft.node(op, [(isPositive ? draft.exponential(value) : bounded(draft, value)).name], value.shape),
  );

/** Between −1 and 1, so that exponentials stay small. */
function bounded(draft: Draft, { name, shape }: Value): Value {
  return draft.node('Tanh', [name], shape);
}

const pair = (op: string): Recipe =>
  any((draft, value) => {
    const other = draft.draw.uniform() < 0.5 ? draft.branch(value).name : draft.weight(value.shape.at(-1)!);
    const names = [value.name, other];
    return draft.node(op, draft.draw.uniform() < 0.5 ? names : names.toReversed(), value.shape);
  });

const reduction = (op: string): Recipe =>
  any((draft, { name, shape }) => {
    const axis = draft.draw.whole(0, shape.length - 1);
    const given = draft.draw.uniform() < 0.5 ? axis + 1 : axis - shape.length;
    // A vector that loses its axis is a number, which nothing else reads.
    const keeps = shape.length === 1 || draft.draw.uniform() < 0.5;
    const left = keeps
      ? shape.map((extent, at) => (at === axis ? 1 : extent))
      : shape.filter((_, at) => at !== axis);
    return joined(
      draft,
      draft.node(op, [name, draft.integers(given)], left, { keep_dims: attribute.flag(keeps) }),
    );
  });

/** As a vector where it is no image: other operators read one or the other. */
function joined(draft: Draft, value: Value): Value {
  if (value.shape.length === 1 || value.shape.length === 3) return value;
  const size = value.shape.reduce((product, extent) => product * extent, 1);
  return draft.node('Reshape', [value.name, draft.integers(-1, size)], [size]);
}

function part(draft: Draft, extent: number): { start: number; end: number } {
  const start = draft.draw.whole(0, extent - 1);
  return { start, end: draft.draw.whole(start + 1, extent) };
}

const slice: Recipe = any((draft, { name, shape }) => {
  const parts = shape.map((extent) => part(draft, extent));
  const sizes = parts.map(({ start, end }, axis) =>
    end === shape[axis] && draft.draw.uniform() < 0.5 ? -1 : end - start,
  );
  const begin = draft.integers(0, ...parts.map(({ start }) => start));
  return draft.node(
    'Slice',
    [name, begin, draft.integers(-1, ...sizes)],
    parts.map(({ start, end }) => end - start),
  );
});

const stridedSlice: Recipe = any((draft, { name, shape }) => {
  const parts = shape.map((extent) => ({ ...part(draft, extent), step: draft.draw.whole(1, 2) }));
  const bound = (at: number, axis: number) =>
    at > 0 && at < shape[axis]! && draft.draw.uniform() < 0.3 ? at - shape[axis]! : at;
  const lists = [
    draft.integers(0, ...parts.map(({ start }, axis) => bound(start, axis))),
    draft.integers(0, ...parts.map(({ end }, axis) => bound(end, axis))),
    draft.integers(1, ...parts.map(({ step }) => step)),
  ];
  const none = { ellipsis_mask: whole(0), new_axis_mask: whole(0), shrink_axis_mask: whole(0) };
  const masks = { ...none, begin_mask: whole(1), end_mask: whole(1) };
  const left = parts.map(({ start, end, step }) => Math.ceil((end - start) / step));
  return draft.node('StridedSlice', [name, ...lists], left, masks);
});

const gather: Recipe = any((draft, { name, shape }) => {
  const axis = draft.draw.whole(0, shape.length - 1);
  const indices = Array.from({ length: draft.draw.whole(1, 4) }, () => draft.draw.whole(0, shape[axis]! - 1));
  const left = shape.map((extent, at) => (at === axis ? indices.length : extent));
  const inputs = [name, draft.integers(...indices), draft.integer(axis + 1)];
  return draft.node('GatherV2', inputs, left, { batch_dims: whole(0) });
});

const split: Recipe = any((draft, { name, shape }) => {
  const divisors = shape.flatMap((extent, axis) =>
    [1, 2, 3].filter((count) => extent % count === 0).map((count) => ({ axis, count })),
  );
  const { axis, count } = draft.draw.pick(divisors);
  const left = shape.map((extent, at) => (at === axis ? extent / count : extent));
  const node = draft.node('Split', [draft.integer(axis + 1), name], left, { num_split: whole(count) });
  const read = draft.draw.whole(0, count - 1);
  return draft.node('Relu', [read === 0 ? node.name : `${node.name}:${read}`], left);
});

const splitOfSizes: Recipe = any((draft, { name, shape }) => {
  const axis = draft.draw.whole(0, shape.length - 1);
  const extent = shape[axis]!;
  const first = draft.draw.whole(1, Math.max(1, extent - 1));
  const sizes = first === extent ? [extent] : [first, extent - first];
  const read = draft.draw.whole(0, sizes.length - 1);
  const left = shape.map((own, at) => (at === axis ? sizes[read]! : own));
  const inputs = [name, draft.integers(...sizes), draft.integer(axis - shape.length)];
  const node = draft.node('SplitV', inputs, left, { num_split: whole(sizes.length) });
  return draft.node('Relu', [read === 0 ? node.name : `${node.name}:${read}`], left);
});

const transpose: Recipe = image((draft, { name, shape }) => {
  const order = draft.draw.pick([
    [0, 1, 2],
    [1, 0, 2],
    [2, 0, 1],
    [0, 2, 1],
    [2, 1, 0],
  ]);
  return draft.node(
    'Transpose',
    [name, draft.integers(0, ...order.map((axis) => axis + 1))],
    order.map((axis) => shape[axis]!),
  );
});

const stack: Recipe = vector((draft, value) => {
  const packed = draft.node('Pack', [value.name, draft.branch(value).name], [2, value.shape[0]!], {
    axis: whole(1),
  });
  return joined(draft, packed);
});

function resize(op: string): Recipe {
  return image((draft, { name, shape }) => {
    const size = [draft.draw.whole(1, 9), draft.draw.whole(1, 9)];
    const form = draft.draw.whole(0, 2);
    const attributes: Attributes = {
      align_corners: attribute.flag(form === 1),
      half_pixel_centers: attribute.flag(form === 2),
    };
    return draft.node(op, [name, draft.integers(...size)], [...size, shape[2]!], attributes);
  });
}

function product(op: string): Recipe {
  return image((draft, value) => {
    const [rows, width, channels] = value.shape as [number, number, number];
    const isTurned = draft.draw.uniform() < 0.5;
    const other = draft.branch(value).name;
    const attributes = { adj_x: attribute.flag(isTurned), adj_y: attribute.flag(!isTurned) };
    const side = isTurned ? channels : width;
    return draft.node(op, [value.name, other], [rows, side, side], attributes);
  });
}

/** Operators of newer networks. */
export const newerRecipes: Readonly<Record<string, Recipe>> = {
  ...Object.fromEntries(['Erf', 'Exp', 'Square', 'Abs', 'Neg'].map((op) => [op, unary(op)])),
  ...Object.fromEntries(['Log', 'Sqrt', 'Reciprocal', 'Rsqrt'].map((op) => [op, unary(op, true)])),
  ...Object.fromEntries(['Maximum', 'Minimum', 'SquaredDifference'].map((op) => [op, pair(op)])),
  ...Object.fromEntries(['Min', 'Sum'].map((op) => [op, reduction(op)])),
  ...Object.fromEntries(['BatchMatMul', 'BatchMatMulV2'].map((op) => [op, product(op)])),
  ...Object.fromEntries(['ResizeBilinear', 'ResizeNearestNeighbor'].map((op) => [op, resize(op)])),
  Cast: any((draft, { name, shape }) =>
    draft.node('Cast', [name], shape, { SrcT: attribute.float, DstT: attribute.float }),
  ),
  ClipByValue: any((draft, { name, shape }) => {
    const least = draft.draw.uniform() - 1;
    const bounds = [draft.number(least), draft.number(least + draft.draw.uniform())];
    return draft.node('ClipByValue', [name, ...bounds], shape);
  }),
  Pow: any((draft, value) =>
    draft.node(
      'Pow',
      [draft.exponential(value).name, draft.number(draft.draw.pick([2, 0.5, 1.5]))],
      value.shape,
    ),
  ),
  LogSoftmax: vector((draft, { name, shape }) => draft.node('LogSoftmax', [name], shape)),
  GatherV2: gather,
  Pack: stack,
  Slice: slice,
  Split: split,
  SplitV: splitOfSizes,
  StridedSlice: stridedSlice,
  Transpose: transpose,
};
