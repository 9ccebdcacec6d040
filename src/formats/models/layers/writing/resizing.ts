import type { GraphNode, Resize } from '../../../../network/graph';
import { cannotWrite, type WriteContext } from './context';
import { pair } from './sliding';

/**
 * UpSampling2D where the sides grow by whole numbers of times, else Resizing; what each means differs between Keras
 * and TF.js.
 */
export function writeResize(node: GraphNode, given: Resize, context: WriteContext): string {
  const operator = withoutDistinction(given);
  const [height, width] = context.shape(node.inputs[0]!) as [number, number];
  const { size } = operator;
  const times = { height: size.height / height, width: size.width / width };
  const isWhole = Number.isInteger(times.height) && Number.isInteger(times.width);
  const isSame = [times, operator.scale].every((sides) => sides.height === 1 && sides.width === 1);
  if (isSame && operator.method === 'linear')
    return context.add(node, 'Activation', { config: { activation: 'linear' } });
  const interpolation = operator.method === 'nearest' ? 'nearest' : 'bilinear';
  if (isWhole && isUpsampling(operator, context))
    return context.add(node, 'UpSampling2D', {
      config: { size: pair(times), interpolation, data_format: 'channels_last' },
    });
  if (!isResizing(operator, context)) return cannotWrite(context, node, wayText(operator));
  return context.add(node, 'Resizing', {
    config: { ...size, interpolation, crop_to_aspect_ratio: false },
  });
}

/** PyTorch's middles of pixels are those of everybody else but where one pixel is left. */
function withoutDistinction(operator: Resize): Resize {
  const { coordinates, size } = operator;
  const isSame = coordinates === 'pytorchHalfPixel' && size.height > 1 && size.width > 1;
  return isSame ? { ...operator, coordinates: 'halfPixel' } : operator;
}

/** Whether whole times as many pixels come from the same places as in UpSampling2D. */
function isUpsampling({ method, coordinates, rounding }: Resize, { dialect }: WriteContext): boolean {
  if (method === 'linear') return coordinates === (dialect === 'keras' ? 'halfPixel' : 'asymmetric');
  // Each pixel becomes a block: rounding a place inside its block down, or the middle of it to the nearest.
  if (coordinates === 'asymmetric') return rounding === 'floor';
  return coordinates === 'halfPixel' && (rounding === 'halfDown' || rounding === 'halfUp');
}

/** Keras resizes to any size; TF.js has a layer of that name, which cannot be run. */
function isResizing({ method, coordinates, rounding }: Resize, { dialect }: WriteContext): boolean {
  if (dialect === 'tfjs') return false;
  return coordinates === 'halfPixel' && (method === 'linear' || rounding === 'halfUp');
}

function wayText({ method, coordinates }: Resize): string {
  const places: Readonly<Record<Resize['coordinates'], string>> = {
    halfPixel: 'the middles of pixels',
    pytorchHalfPixel: 'the middles of pixels, as PyTorch counts them',
    alignCorners: 'corners that are aligned',
    asymmetric: 'the first corner of pixels',
  };
  return `it resizes by ${method} interpolation from ${places[coordinates]}, which no layer does`;
}
