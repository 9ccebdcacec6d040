import { createRegistry } from '../../network/registry';
import { caffeWriter } from './caffe/write';
import { h5Writer, kerasWriter } from './keras/write';
import { onnxWriter } from './onnx/write';
import { tfjsWriter } from './tfjs/write';
import { tfliteWriter } from './tflite/writer';
import type { ModelWriter, OfferedForm } from './writer';

/** Every form that networks are written in; the first one is offered first. */
export const writers = createRegistry<ModelWriter>('format to write', [
  onnxWriter,
  kerasWriter,
  h5Writer,
  tfjsWriter,
  caffeWriter,
  tfliteWriter,
]);

/** The forms in which a network is offered for download. @param format that it came in */
export function offeredForms(format: string): readonly OfferedForm[] {
  return writers.all
    .filter(({ id, isOwnOnly }) => !isOwnOnly || id === format)
    .map(({ id, title, layout, endings, weights = [], holdsLevels = false, holdsDynamic = false }) => ({
      id,
      title,
      ending: layout === 'file' ? endings[0] : '.zip',
      weights,
      holdsLevels,
      holdsDynamic,
    }));
}
