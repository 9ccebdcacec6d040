import * as tf from '@tensorflow/tfjs-core';
import type { Extent } from '../../network/graph';

/** Puts stride − 1 zeros between neighbouring pixels of images. */
export function withZerosBetween(x: tf.Tensor4D, { height, width }: Extent): tf.Tensor4D {
  const across = width === 1 ? x : spreadAxis(x, 2, width);
  return height === 1 ? across : spreadAxis(across, 1, height);
}

function spreadAxis(x: tf.Tensor4D, axis: 1 | 2, stride: number): tf.Tensor4D {
  const extent = x.shape[axis];
  const inner = x.shape.slice(axis + 1).reduce((product, own) => product * own, 1);
  const rows = tf.reshape<tf.Rank.R2>(x, [-1, inner]);
  const zeros = tf.zeros([rows.shape[0], (stride - 1) * inner]);
  const along = (change: (own: number) => number) =>
    x.shape.map((own, at) => (at === axis ? change(own) : own)) as [number, number, number, number];
  const whole = tf.reshape<tf.Rank.R4>(
    tf.concat([rows, zeros], 1),
    along((own) => own * stride),
  );
  return tf.slice(
    whole,
    [0, 0, 0, 0],
    along(() => (extent - 1) * stride + 1),
  );
}

/**
 * Every so-manieth pixel of images from one on.
 *
 * @param size of the answer
 */
export function everySo(x: tf.Tensor4D, from: Extent, { height, width }: Extent, step: Extent): tf.Tensor4D {
  if (step.height === 1 && step.width === 1)
    return tf.slice(x, [0, from.height, from.width, 0], [-1, height, width, -1]);
  const end = [
    from.height + (height - 1) * step.height + 1,
    from.width + (width - 1) * step.width + 1,
  ] as const;
  return tf.stridedSlice(
    x,
    [0, from.height, from.width, 0],
    [x.shape[0], end[0], end[1], x.shape[3]],
    [1, step.height, step.width, 1],
  ) as tf.Tensor4D;
}

/** The reverse of {@link everySo}: images of a size that are zero but where they were taken from. */
export function putBack(x: tf.Tensor4D, from: Extent, size: Extent, step: Extent): tf.Tensor4D {
  const spread = withZerosBetween(x, step);
  const [, height, width] = spread.shape;
  return tf.pad(spread, [
    [0, 0],
    [from.height, size.height - from.height - height],
    [from.width, size.width - from.width - width],
    [0, 0],
  ]);
}
