import { fail } from '../../../network/failure';
import { describeContent, startsWith } from '../../content';
import type { NamedFile } from '../../file';
import type { ModelReader } from '../reader';
import { translations } from './operators';
import { readTflite } from './read';

const isTflite = ({ bytes }: NamedFile) => startsWith(bytes, 'TFL3', 4);
const isNamedTflite = ({ name }: NamedFile) => /\.tflite$/i.test(name);

/** TensorFlow Lite, which LiteRT runs: one .tflite file. */
export const tflite: ModelReader = {
  id: 'tflite',
  title: 'TensorFlow Lite',
  extensions: ['.tflite'],
  operators: [{ form: 'TensorFlow Lite', names: [...translations.keys()] }],
  detect: (files) => (files.some(isTflite) ? 1 : files.some(isNamedTflite) ? 0.5 : 0),
  parts: (files) => files.filter((file) => isTflite(file) || isNamedTflite(file)),
  read: (files, options) => readTflite(onlyModel(files), options),
};

function onlyModel(files: readonly NamedFile[]): NamedFile {
  const models = files.filter(isTflite);
  const [model] = models;
  if (model && models.length === 1) return model;
  if (models.length > 1) {
    const names = models.map(({ name }) => name).join(' and ');
    return fail(
      'unreadable-file',
      `Expected one network, found ${models.length}: ${names}; choose one of them.`,
    );
  }
  const named = files.find(isNamedTflite)!;
  return fail(
    'unreadable-file',
    `${named.name}: expected a TensorFlow Lite network, found ${describeContent(named.bytes)}; convert it again.`,
  );
}
