import { loadPart } from '../../../network/parts';
import type { ModelWriter } from '../writer';

export const tfliteWriter: ModelWriter = {
  id: 'tflite',
  title: 'TensorFlow Lite',
  endings: ['.tflite'],
  layout: 'file',
  hint: 'run by LiteRT before it is written',
  form: 'TensorFlow Lite',
  weights: ['float16', 'int8'],
  holdsLevels: true,
  holdsDynamic: true,
  async write(network) {
    // Most people write other formats, and every thread would load it.
    const { writeTflite } = await loadPart('the writer of TensorFlow Lite files', () => import('./write'));
    return [{ name: `${network.name || 'network'}.tflite`, bytes: writeTflite(network) }];
  },
};
