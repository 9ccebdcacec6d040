import { baseName, type NamedFile } from '../../file';
import { onlyModel, type SingleFile } from '../onlyModel';
import type { ModelReader } from '../reader';
import { looksLikeOnnx } from './detect';
import { externalNames } from './external';
import { converters } from './operators';
import { readOnnx } from './read';

const isNamedOnnx = ({ name }: NamedFile) => /\.onnx$/i.test(name);

const form: SingleFile = {
  expected: 'an ONNX network',
  advice: 'export it again',
  is: looksLikeOnnx,
  isNamed: isNamedOnnx,
};

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
  read: (files, options) => readOnnx(onlyModel(form, files), files, options),
};
