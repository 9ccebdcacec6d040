import type { Extent, Resize } from '../../../../network/graph';
import { cannot } from '../../onnx/context';
import type { LayerCall } from '../call';
import { ownValue } from '../../../../network/ownValue';

type Way = Pick<Resize, 'method' | 'coordinates' | 'rounding'>;

/** Keras's ways. */
const ways: Readonly<Record<string, Way>> = {
  nearest: { method: 'nearest', coordinates: 'halfPixel', rounding: 'halfUp' },
  bilinear: { method: 'linear', coordinates: 'halfPixel', rounding: 'floor' },
};

function resized(call: LayerCall, size: Extent, way: Way): string {
  const [height, width] = call.imageShape() as [number, number];
  const scale = { height: size.height / height, width: size.width / width };
  return call.emit({ kind: 'resize', ...way, size, scale });
}

function wayOf(call: LayerCall, defaults: string): Way {
  const name = call.text('interpolation', defaults);
  return (
    ownValue(ways, name) ?? cannot(`it resizes by "${name}"; the studio knows "nearest" and "bilinear".`)
  );
}

/** UpSampling2D: whole numbers of times as high and wide; TF.js counts from the corners of pixels there. */
export function upsampling(call: LayerCall): string {
  const [height, width] = call.imageShape() as [number, number];
  const times = call.extent('size', { height: 2, width: 2 });
  const size = { height: height * times.height, width: width * times.width };
  const way = wayOf(call, 'nearest');
  const fromCorners = { ...way, coordinates: 'asymmetric', rounding: 'floor' } as const;
  return resized(call, size, call.context.dialect === 'tfjs' ? fromCorners : way);
}

/** Resizing: to a height and a width. */
export function resizing(call: LayerCall): string {
  if (call.flag('crop_to_aspect_ratio', false) || call.flag('pad_to_aspect_ratio', false))
    cannot('it keeps the ratio of sides; resize the images before the network instead.');
  return resized(call, { height: call.count('height'), width: call.count('width') }, wayOf(call, 'bilinear'));
}
