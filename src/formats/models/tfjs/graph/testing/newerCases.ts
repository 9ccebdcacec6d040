import { attribute, type GraphBuilder } from './building';

type Case = (graph: GraphBuilder) => string;
export type GraphCase = Case | readonly [readonly number[], Case];

const keep = (value: boolean) => ({ keep_dims: attribute.flag(value) });
const float = { SrcT: attribute.float, DstT: attribute.float };
const whole = (value: number) => ({ i: String(value) });

/** Values above 0, for logarithms and roots. */
const positive = (g: GraphBuilder) => g.add('Exp', 'positive', ['x']);

function strided(g: GraphBuilder, begin: number[], end: number[], strides: number[], masks: object): string {
  const bounds = [
    g.integers('begin', ...begin),
    g.integers('end', ...end),
    g.integers('strides', ...strides),
  ];
  const none = { ellipsis_mask: whole(0), new_axis_mask: whole(0), shrink_axis_mask: whole(0) };
  return g.add('StridedSlice', 'y', ['x', ...bounds], {
    begin_mask: whole(0),
    end_mask: whole(0),
    ...none,
    ...masks,
  });
}

function resize(op: string, aligned: boolean, middle: boolean, ...size: number[]): Case {
  return (g) =>
    g.add(op, 'y', ['x', g.integers('size', ...size)], {
      align_corners: attribute.flag(aligned),
      half_pixel_centers: attribute.flag(middle),
    });
}

function both(op: string): Readonly<Record<string, Case>> {
  return {
    [op]: (g) => g.add(op, 'y', ['x', g.add('Tanh', 't', ['x'])]),
    [`${op} with a constant per channel`]: (g) => g.add(op, 'y', ['x', g.weight('c', 4)]),
    [`${op} of a constant number and a value`]: (g) => g.add(op, 'y', [g.weight('c'), 'x']),
  };
}

/** Operators of newer networks in the forms in which converters write them, on 7×6 images of four channels. */
export const newerCases: Readonly<Record<string, GraphCase>> = {
  ...Object.fromEntries(
    ['Selu', 'Erf', 'Exp', 'Square', 'Abs', 'Neg'].map((op): [string, Case] => [
      op,
      (g) => g.add(op, 'y', ['x']),
    ]),
  ),
  ...Object.fromEntries(
    ['Log', 'Sqrt', 'Reciprocal', 'Rsqrt'].map((op): [string, Case] => [
      op,
      (g) => g.add(op, 'y', [positive(g)]),
    ]),
  ),
  ClipByValue: (g) => g.add('ClipByValue', 'y', ['x', g.scalar('low', -0.5), g.scalar('high', 0.25)]),
  'ClipByValue from 0 to 6': (g) => g.add('ClipByValue', 'y', ['x', g.scalar('low', 0), g.scalar('high', 6)]),
  LogSoftmax: [[7], (g) => g.add('LogSoftmax', 'y', ['x'])],
  'Prelu with a slope per channel': (g) => g.add('Prelu', 'y', ['x', g.weight('slope', 4)]),
  'Prelu with a slope per row': (g) => g.add('Prelu', 'y', ['x', g.weight('slope', 1, 7, 1, 1)]),
  'Pow of 2': (g) => g.add('Pow', 'y', ['x', g.scalar('two', 2)]),
  'Pow of a half': (g) => g.add('Pow', 'y', [positive(g), g.scalar('half', 0.5)]),
  'Pow of computed values': (g) => g.add('Pow', 'y', [positive(g), 'x']),
  ...both('Maximum'),
  ...both('Minimum'),
  ...both('SquaredDifference'),
  'Sub of computed values': (g) => g.add('Sub', 'y', ['x', g.add('Tanh', 't', ['x'])]),
  'Sub of a constant and a value': (g) => g.add('Sub', 'y', [g.weight('c', 4), 'x']),
  'RealDiv of computed values': (g) => g.add('RealDiv', 'y', ['x', positive(g)]),
  Cast: (g) => g.add('Cast', 'y', ['x'], float),
  'Min over channels': (g) => g.add('Min', 'y', ['x', g.integers('axes', 3)], keep(true)),
  'Sum over width': (g) => g.add('Sum', 'y', ['x', g.integers('axes', -2)], keep(false)),
  'Mean over channels': (g) => g.add('Mean', 'y', ['x', g.integers('axes', -1)], keep(true)),
  'Max over height': (g) => g.add('Max', 'y', ['x', g.integers('axes', 1)], keep(false)),
  'Mean of a vector': [[7], (g) => g.add('Mean', 'y', ['x', g.integers('axes', 1)], keep(true))],
  Transpose: (g) => g.add('Transpose', 'y', ['x', g.integers('order', 0, 3, 1, 2)]),
  'Transpose of five axes: a channel shuffle': (g) => {
    const groups = g.add('Reshape', 'groups', ['x', g.integers('shape', -1, 7, 6, 2, 2)]);
    const turned = g.add('Transpose', 'turned', [groups, g.integers('order', 0, 1, 2, 4, 3)]);
    return g.add('Reshape', 'y', [turned, g.integers('back', -1, 7, 6, 4)]);
  },
  Slice: (g) => g.add('Slice', 'y', ['x', g.integers('begin', 0, 1, 2, 0), g.integers('size', -1, 4, -1, 3)]),
  'StridedSlice with steps': (g) =>
    strided(g, [0, 1, 0, 0], [0, 7, 6, 0], [1, 2, 3, 1], { begin_mask: whole(9), end_mask: whole(9) }),
  'StridedSlice of one channel': (g) =>
    strided(g, [0, 0, 0, 2], [0, 0, 0, 3], [1, 1, 1, 1], {
      ...{ begin_mask: whole(7), end_mask: whole(7), shrink_axis_mask: whole(8) },
    }),
  'StridedSlice from behind': (g) =>
    strided(g, [0, -3, 0], [0, -1, 4], [1, 1, 1], { begin_mask: whole(1), end_mask: whole(1) }),
  GatherV2: (g) =>
    g.add('GatherV2', 'y', ['x', g.integers('indices', 3, 0, 2), g.integer('axis', 3)], {
      batch_dims: whole(0),
    }),
  'GatherV2 of one row': (g) =>
    g.add('GatherV2', 'y', ['x', g.integer('index', 2), g.integer('axis', 1)], { batch_dims: whole(0) }),
  Split: (g) => {
    g.add('Split', 's', [g.integer('axis', 3), 'x'], { num_split: whole(2) });
    return g.add('Sub', 'y', ['s:1', 's']);
  },
  'Split of which one part is read': (g) => {
    g.add('Split', 's', [g.integer('axis', -1), 'x'], { num_split: whole(4) });
    return g.add('Relu', 'y', ['s:2']);
  },
  SplitV: (g) => {
    g.add('SplitV', 's', ['x', g.integers('sizes', 1, 4, 2), g.integer('axis', 1)], { num_split: whole(3) });
    return g.add('ConcatV2', 'y', ['s:2', 's', g.integer('along', 1)], { N: whole(2) });
  },
  'Pack of computed values': (g) => g.add('Pack', 'y', ['x', g.add('Tanh', 't', ['x'])], { axis: whole(3) }),
  'ExpandDims and Squeeze': (g) => {
    const wide = g.add('ExpandDims', 'wide', ['x', g.integer('axis', 2)]);
    return g.add('Squeeze', 'y', [wide], { squeeze_dims: attribute.integers(2) });
  },
  'ExpandDims of an image': (g) => g.add('ExpandDims', 'y', ['x', g.integer('axis', -1)]),
  ResizeBilinear: resize('ResizeBilinear', false, false, 10, 13),
  'ResizeBilinear by the middles of pixels': resize('ResizeBilinear', false, true, 10, 3),
  'ResizeBilinear with corners aligned': resize('ResizeBilinear', true, false, 3, 11),
  ResizeNearestNeighbor: resize('ResizeNearestNeighbor', false, false, 14, 12),
  'ResizeNearestNeighbor by the middles of pixels': resize('ResizeNearestNeighbor', false, true, 10, 4),
  'ResizeNearestNeighbor with corners aligned': resize('ResizeNearestNeighbor', true, false, 4, 11),
  BatchMatMul: [
    [3, 4],
    (g) => g.add('BatchMatMul', 'y', ['x', g.add('Tanh', 't', ['x'])], { adj_y: attribute.flag(true) }),
  ],
  BatchMatMulV2: [
    [2, 3, 4],
    (g) =>
      g.add('BatchMatMulV2', 'y', ['x', g.add('Tanh', 't', ['x'])], {
        adj_x: attribute.flag(true),
        adj_y: attribute.flag(false),
      }),
  ],
  'BatchMatMulV2 with constant weights': [
    [3, 4],
    (g) =>
      g.add('BatchMatMulV2', 'y', ['x', g.weight('w', 4, 5)], {
        adj_x: attribute.flag(false),
        adj_y: attribute.flag(false),
      }),
  ],
};
