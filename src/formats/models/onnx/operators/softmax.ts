import { cannot } from '../context';
import { fromFront, type NodeDraft, type OnnxNode } from '../node';

/** Softmax and LogSoftmax along one axis; before operator set 13 they went over everything from their axis on. */
export function softmax(kind: 'softmax' | 'logSoftmax') {
  return (node: OnnxNode): NodeDraft => {
    const { value, axes } = node.view(0);
    const { context } = node;
    const shape = context.shapes.get(value)!;
    const place = fileAxis(node);
    if (place < 0 || place >= axes.length)
      cannot(`it works along axis ${place + 1}, expected one of an image's.`);
    const axis = axes[place]!;
    const last = shape.length - 1;
    if (axis === last) return { operator: { kind }, inputs: [value], axes };
    const permutation = [...shape.map((_, index) => index).filter((index) => index !== axis), axis];
    const turned = context.rearrange(value, { kind: 'transpose', permutation });
    return { operator: { kind }, inputs: [turned], axes: axes.map((own) => permutation.indexOf(own)) };
  };
}

/** The axis of the file, batch left out. */
function fileAxis(node: OnnxNode): number {
  const extents = node.extents(0);
  if (node.opset >= 13) return fromFront(node.integer('axis', -1), extents.length + 1) - 1;
  const first = fromFront(node.integer('axis', 1), extents.length + 1) - 1;
  const moved = extents.map((_, axis) => axis).filter((axis) => axis >= first && extents[axis]! > 1);
  if (moved.length > 1) cannot('it works on all values of an image at once, expected one axis only.');
  return moved[0] ?? first;
}
