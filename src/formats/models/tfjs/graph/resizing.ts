import type { Resize } from '../../../../network/graph';
import type { GraphCall } from './call';
import { extentsAt } from './shaping';

/** ResizeBilinear and ResizeNearestNeighbor. */
export function resize(method: Resize['method']) {
  return (call: GraphCall): string => {
    const [height, width] = call.imageShape() as [number, number];
    const [rows, columns] = extentsAt(call, 1, 'size') as [number, number];
    const isAligned = call.node.flag('align_corners', false);
    const isMiddle = call.node.flag('half_pixel_centers', false);
    return call.emit({
      kind: 'resize',
      method,
      size: { height: rows, width: columns },
      scale: { height: rows / height, width: columns / width },
      coordinates: isAligned ? 'alignCorners' : isMiddle ? 'halfPixel' : 'asymmetric',
      rounding: isAligned || isMiddle ? 'halfUp' : 'floor',
    });
  };
}
