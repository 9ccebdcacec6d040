import { fail } from '../../../network/failure';
import { describeContent } from '../../content';
import { baseName, type NamedFile } from '../../file';
import type { ModelReader } from '../reader';
import { looksLikeOnnx } from './detect';
import { externalNames } from './external';
import { converters } from './operators';
import { readOnnx } from './read';

const isNamedOnnx = ({ name }: NamedFile) => /\.onnx$/i.test(name);

/** ONNX: one .onnx file, and the files that its weights may lie in. */
export const onnx: ModelReader = {
  id: 'onnx',
  title: 'ONNX',
  extensions: ['.onnx'],
  operators: [{ form: 'ONNX', names: [...converters.keys()] }],
  detect: (files) => (files.some(looksLikeOnnx) ? 1 : files.some(isNamedOnnx) ? 0.5 : 0),
  parts: (files) => {
    const data = new Set(files.filter(looksLikeOnnx).flatMap((file) => [...externalNames(file)]));
    return files.filter((file) => looksLikeOnnx(file) || isNamedOnnx(file) || data.has(baseName(file.name)));
  },
  read: (files, options) => readOnnx(onlyModel(files), files, options),
};

function onlyModel(files: readonly NamedFile[]): NamedFile {
  const models = files.filter(looksLikeOnnx);
  const [model] = models;
  if (model && models.length === 1) return model;
  if (models.length > 1) {
    const names = models.map(({ name }) => name).join(' and ');
    return fail(
      'unreadable-file',
      `Expected one network, found ${models.length}: ${names}; choose one of them.`,
    );
  }
  const named = files.find(isNamedOnnx)!;
  return fail(
    'unreadable-file',
    `${named.name}: expected an ONNX network, found ${describeContent(named.bytes)}; export it again.`,
  );
}
