import { cannot } from '../../onnx/context';
import type { CaffeLayer } from '../layer';
import { ourAxis, requireChannels } from './axes';

/** Slice: every blob it writes is a part of what it reads, of one size unless it says where to cut. */
export function slice(layer: CaffeLayer): void {
  const { axis: stated, slice_dim, slice_point: points = [] } = layer.message.slice_param ?? {};
  const axis = ourAxis(layer, stated ?? slice_dim ?? 1, 'cuts');
  const extent = layer.shape()[axis]!;
  const count = layer.message.top.length;
  const equal = Array.from({ length: count - 1 }, (_, index) => ((index + 1) * extent) / count);
  const cuts = [0, ...(points.length > 0 ? points : equal), extent];
  const isRising = cuts.every(
    (cut, index) => Number.isInteger(cut) && (index === 0 || cut > cuts[index - 1]!),
  );
  if (cuts.length !== count + 1 || !isRising)
    cannot(`it cuts ${extent} at ${cuts.slice(1, -1).join(', ')} into ${count} parts.`);
  const input = layer.input;
  layer.message.top.forEach((blob, index) => {
    const part = { axis, start: cuts[index]!, end: cuts[index + 1]!, step: 1 };
    layer.emitTop(index, blob, { kind: 'slice', ...part }, [input]);
  });
}

/** Crop: as large as the second blob behind an axis, from these offsets on. */
export function crop(layer: CaffeLayer): void {
  const { axis = 2, offset = [] } = layer.message.crop_param ?? {};
  const [shape, wanted] = [layer.shape(0), layer.shape(1)];
  const rank = shape.length + 1;
  const first = axis < 0 ? axis + rank : axis;
  if (first < 1) cannot(`it crops from axis ${axis} on, and images stay apart.`);
  const parts = Array.from({ length: rank - first }, (_, index) => {
    const own = ourAxis(layer, first + index, 'crops');
    const start = offset[offset.length === 1 ? 0 : index] ?? 0;
    return { axis: own, start, end: start + wanted[own]!, step: 1 };
  }).filter(({ axis: own, start, end }) => start !== 0 || end !== shape[own]);
  if (parts.length === 0) return void layer.emit({ kind: 'identity', origin: 'identity' });
  parts.reduce((value, part, index) => {
    const operator = { kind: 'slice', ...part } as const;
    const isLast = index === parts.length - 1;
    return isLast ? layer.emit(operator, [value]) : layer.emitBefore(`axis${part.axis}`, operator, [value]);
  }, layer.input);
}

/** Permute, of SSD and others: an order of all axes, the batch first. */
export function permute(layer: CaffeLayer): void {
  const order = layer.message.permute_param?.order ?? [];
  const rank = layer.shape().length;
  if (order.length !== rank + 1 || order[0] !== 0)
    cannot(`its order of axes is [${order.join(', ')}], expected the batch first and all others behind.`);
  const axes = order.slice(1).map((axis) => ourAxis(layer, axis, 'reorders'));
  // Their axes C', H', W' of the answer are our W', … of an image, whose channels lie last.
  const permutation = rank === 3 ? [axes[1]!, axes[2]!, axes[0]!] : axes;
  layer.emit({ kind: 'transpose', permutation });
}

/** ShuffleChannel, of ShuffleNet: channels dealt out to groups in turn. */
export function shuffleChannels(layer: CaffeLayer): void {
  const group = layer.message.shuffle_channel_param?.group ?? 1;
  const { channels } = layer;
  requireChannels(layer, 1, 'deals out');
  if (group < 1 || channels % group !== 0)
    cannot(`${channels} channels cannot be split into ${group} groups.`);
  const each = channels / group;
  const indices = Array.from({ length: channels }, (_, at) => (at % group) * each + Math.floor(at / group));
  layer.emit({ kind: 'gather', axis: layer.shape().length - 1, indices });
}

/** Interp, of PSPNet and DeepLab: linear between corners that are aligned. */
export function interpolate(layer: CaffeLayer): void {
  const {
    height: rows,
    width: columns,
    zoom_factor: zoom,
    shrink_factor: shrink,
  } = layer.message.interp_param ?? {};
  const [height, width] = layer.imageShape() as [number, number];
  const scaled = (extent: number) => {
    const smaller = shrink === undefined ? extent : Math.floor((extent - 1) / shrink) + 1;
    return zoom === undefined ? smaller : smaller + (smaller - 1) * (zoom - 1);
  };
  const size = { height: rows ?? scaled(height), width: columns ?? scaled(width) };
  layer.emit({
    ...{ kind: 'resize', method: 'linear', coordinates: 'alignCorners', rounding: 'floor', size },
    scale: { height: size.height / height, width: size.width / width },
  });
}

/** Upsample, of YOLO: each pixel becomes a block. */
export function upsample(layer: CaffeLayer): void {
  const times = layer.message.upsample_param?.scale ?? 2;
  const [height, width] = layer.imageShape() as [number, number];
  layer.emit({
    ...{ kind: 'resize', method: 'nearest', coordinates: 'asymmetric', rounding: 'floor' },
    ...{ size: { height: height * times, width: width * times }, scale: { height: times, width: times } },
  });
}
