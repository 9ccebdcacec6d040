import { loadPart } from '../../../network/parts';
import { startsWith } from '../../content';
import type { NamedFile } from '../../file';
import { onlyModel, type SingleFile } from '../onlyModel';
import type { ModelReader } from '../reader';
import { operatorNames } from './names';

const isTflite = ({ bytes }: NamedFile) => startsWith(bytes, 'TFL3', 4);
const isNamedTflite = ({ name }: NamedFile) => /\.tflite$/i.test(name);

const form: SingleFile = {
  expected: 'a TensorFlow Lite network',
  advice: 'convert it again',
  is: isTflite,
  isNamed: isNamedTflite,
};

/** TensorFlow Lite, which LiteRT runs: one .tflite file. */
export const tflite: ModelReader = {
  id: 'tflite',
  title: 'TensorFlow Lite',
  extensions: ['.tflite'],
  operators: [{ form: 'TensorFlow Lite', names: operatorNames }],
  detect: (files) => (files.some(isTflite) ? 1 : files.some(isNamedTflite) ? 0.5 : 0),
  parts: (files) => files.filter((file) => isTflite(file) || isNamedTflite(file)),
  async read(files, options) {
    const file = onlyModel(form, files);
    // Most networks are of other formats, and every thread would load it.
    const { readTflite } = await loadPart('the reader of TensorFlow Lite files', () => import('./read'));
    return readTflite(file, options);
  },
};
