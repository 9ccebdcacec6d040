/** Where Caffe's axes of [C, H, W] lie in an image here: [H, W, C]. Values of fewer or more axes lie alike in both. */
const places = [2, 0, 1] as const;

/**
 * The axis of an image, a vector or a table here by Caffe's number of it, in which the batch is 0.
 *
 * @param rank axes of one image's value
 */
export function ourAxisOf(caffeAxis: number, rank: number): number {
  return rank === 3 ? places[caffeAxis - 1]! : caffeAxis - 1;
}

/** Caffe's number of an axis here. */
export function caffeAxisOf(axis: number, rank: number): number {
  return 1 + (rank === 3 ? places.indexOf(axis as (typeof places)[number]) : axis);
}

/** Caffe's number of the axis that is the last here: 1 of images and vectors, which layers without a setting take. */
export function channelAxis(rank: number): number {
  return caffeAxisOf(rank - 1, rank);
}
