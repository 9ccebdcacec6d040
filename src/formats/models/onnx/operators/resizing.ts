import type { Extent, Resize } from '../../../../network/graph';
import { cannot } from '../context';
import { fromFront, type NodeDraft, type OnnxNode } from '../node';
import type { Dimension } from '../tensors';

const coordinateRules: ReadonlyMap<string, Resize['coordinates']> = new Map([
  ['half_pixel', 'halfPixel'],
  ['half_pixel_symmetric', 'halfPixel'],
  ['pytorch_half_pixel', 'pytorchHalfPixel'],
  ['align_corners', 'alignCorners'],
  ['asymmetric', 'asymmetric'],
  ['tf_half_pixel_for_nn', 'halfPixel'],
]);

const roundings: ReadonlyMap<string, Resize['rounding']> = new Map([
  ['round_prefer_floor', 'halfDown'],
  ['round_prefer_ceil', 'halfUp'],
  ['floor', 'floor'],
  ['ceil', 'ceil'],
]);

const methods: ReadonlyMap<string, Resize['method']> = new Map([
  ['nearest', 'nearest'],
  ['linear', 'linear'],
  ['bilinear', 'linear'],
]);

/** Resize and Upsample of height and width. */
export function resize(node: OnnxNode): NodeDraft {
  const [height = 1, width = 1] = node.imageShape(0);
  const method = methodOf(node);
  const { size, scale } = targetOf(node, { height, width });
  const rule =
    node.opset < 11 ? 'asymmetric' : node.text('coordinate_transformation_mode', '') || 'half_pixel';
  const coordinates = coordinateRules.get(rule) ?? cannot(`its rule for coordinates "${rule}" is not known.`);
  const isWhole = size.height / height === scale.height && size.width / width === scale.width;
  const isCut = rule === 'half_pixel_symmetric' && !isWhole;
  if (isCut || node.integer('antialias', 0) !== 0 || node.integer('exclude_outside', 0) !== 0)
    cannot('it weights what lies outside of the image or filters before it resizes.');
  return node.draft({
    kind: 'resize',
    method,
    size,
    scale,
    coordinates,
    rounding: roundingOf(node, scale, rule),
  });
}

function methodOf(node: OnnxNode): Resize['method'] {
  const mode = node.text('mode', 'nearest') || 'nearest';
  return methods.get(mode) ?? cannot(`it resizes by "${mode}", expected nearest or linear.`);
}

/** Before operator set 11 nearest neighbours were rounded down, or up where the image gets smaller. */
function roundingOf(node: OnnxNode, scale: Extent, rule: string): Resize['rounding'] {
  if (node.opset < 11) {
    if (scale.height < 1 !== scale.width < 1) cannot('it enlarges one side and reduces the other.');
    return scale.height < 1 ? 'ceil' : 'floor';
  }
  const mode = node.text('nearest_mode', '') || 'round_prefer_floor';
  if (rule === 'tf_half_pixel_for_nn') {
    // (x + ½) / scale rounded down is (x + ½) / scale − ½ rounded to the nearest.
    return mode === 'floor'
      ? 'halfUp'
      : cannot(`it rounds TensorFlow's half pixels by "${mode}", expected floor.`);
  }
  return roundings.get(mode) ?? cannot(`its rounding "${mode}" is not known.`);
}

/** Size of the output and scale, of which the file gives one. */
function targetOf(node: OnnxNode, input: Extent): { size: Extent; scale: Extent } {
  const scales = scalesOf(node);
  if (scales && scales.length > 0) {
    const [rows, columns] = spatial(node, [...scales], (scale) => scale === 1);
    const scale = { height: rows, width: columns };
    const size = { height: Math.floor(input.height * rows), width: Math.floor(input.width * columns) };
    return { size, scale };
  }
  const sizes = node.opset < 11 ? null : node.dimensionsAt(3, 'new size');
  if (!sizes) return cannot('its new size is missing.');
  if ((node.text('keep_aspect_ratio_policy', '') || 'stretch') !== 'stretch')
    cannot('its new size keeps the ratio of the sides, expected it to be stretched.');
  const [, channels] = node.context.onnxShape(node.computed(0))!;
  const [height, width] = spatial(node, sizes, (size, axis) => axis === 0 || size === channels);
  return { size: { height, width }, scale: { height: height / input.height, width: width / input.width } };
}

function scalesOf(node: OnnxNode): readonly number[] | null {
  if (node.opset < 9) {
    const scales = node.floats('scales');
    return scales && [...scales];
  }
  const values = node.vector(node.opset < 11 ? 1 : 2, 'scales');
  return values && [...values];
}

/** The two of some numbers per axis that are height's and width's; the others must keep their axis. */
function spatial(
  node: OnnxNode,
  numbers: readonly Dimension[],
  keeps: (number: Dimension, axis: number) => boolean,
): [number, number] {
  const given = node.integers('axes')?.map((axis) => fromFront(axis, 4)) ?? [0, 1, 2, 3];
  const at = (axis: number) => numbers[given.indexOf(axis)];
  const isKept = [0, 1].every((axis) => !given.includes(axis) || keeps(at(axis)!, axis));
  const [height, width] = [at(2), at(3)];
  const isWhole = isKept && numbers.length === given.length;
  return isWhole && typeof height === 'number' && typeof width === 'number'
    ? [height, width]
    : cannot(`it resizes by [${numbers.join(', ')}], expected height and width only.`);
}
