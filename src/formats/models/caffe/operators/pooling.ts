import { cannot } from '../../onnx/context';
import type { CaffeLayer } from '../layer';
import { pairOf } from './sliding';

const reductions = ['max', 'average'] as const;
const floor = 1;

/** Pooling over a window that rounds up unless told otherwise, or over the whole image. */
export function pooling(layer: CaffeLayer): void {
  const settings = layer.message.pooling_param ?? cannot('its pooling_param is missing.');
  layer.imageShape();
  const reduce = reductions[settings.pool ?? 0] ?? cannot('it picks values at random, expected MAX or AVE.');
  if (settings.global_pooling) {
    layer.emit({ kind: 'globalPool', reduce, keepDimensions: true });
    return;
  }
  const window = pairOf('kernel', settings.kernel_size, settings.kernel_h, settings.kernel_w);
  if (!window) return cannot('its kernel_size is missing, and so is global_pooling.');
  const pad = pairOf('pad', settings.pad, settings.pad_h, settings.pad_w) ?? { height: 0, width: 0 };
  layer.emit({
    kind: 'pool',
    reduce,
    window,
    stride: pairOf('stride', settings.stride, settings.stride_h, settings.stride_w) ?? {
      height: 1,
      width: 1,
    },
    padding: { top: pad.height, bottom: pad.height, left: pad.width, right: pad.width },
    roundUp: settings.round_mode !== floor && settings.ceil_mode !== 0,
    includePadding: reduce === 'average',
  });
}
