import { fail } from '../../../network/failure';
import { describeContent } from '../../content';
import { baseName, type NamedFile } from '../../file';
import type { ModelReader } from '../reader';
import { looksLikeCaffemodel, looksLikePrototxt } from './detect';
import { converters } from './operators';
import { parseNet, readCaffe } from './read';

const isNamedCaffe = ({ name }: NamedFile) => /\.(caffemodel|prototxt)$/i.test(name);

/** Caffe: a prototxt with the layers and a caffemodel with their weights. */
export const caffe: ModelReader = {
  id: 'caffe',
  title: 'Caffe',
  extensions: ['.caffemodel', '.prototxt'],
  operators: [{ form: 'Caffe', names: [...converters.keys()] }],
  detect: (files) =>
    files.some((file) => looksLikeCaffemodel(file) || looksLikePrototxt(file))
      ? 1
      : files.some(isNamedCaffe)
        ? 0.5
        : 0,
  parts: (files) =>
    files.filter((file) => looksLikeCaffemodel(file) || looksLikePrototxt(file) || isNamedCaffe(file)),
  read: (files, options) => {
    const { prototxt, caffemodel } = pairOf(files);
    return readCaffe(prototxt, caffemodel, options);
  },
};

function pairOf(files: readonly NamedFile[]): { prototxt: NamedFile; caffemodel: NamedFile } {
  const caffemodels = files.filter(looksLikeCaffemodel);
  const prototxts = files.filter(looksLikePrototxt);
  const [caffemodel] = caffemodels;
  const [prototxt] = prototxts;
  if (caffemodels.length > 1) return failSeveral(caffemodels, '.caffemodel');
  if (!caffemodel && !prototxt) return failNeither(files.find(isNamedCaffe)!);
  if (!caffemodel) return failMissing(prototxt!, '.caffemodel with its weights', files);
  if (!prototxt) return failMissing(caffemodel, 'prototxt, which says how its layers are connected,', files);
  return { prototxt: prototxts.length > 1 ? preferred(prototxts) : prototxt, caffemodel };
}

/** Of several descriptions, the one that states the size of its input (`deploy.prototxt`). */
function preferred(prototxts: readonly NamedFile[]): NamedFile {
  const sized = prototxts.filter((file) => {
    const net = parseNet(file);
    return net.input.length > 0 || net.layer.some(({ type }) => type === 'Input');
  });
  return sized.length === 1 ? sized[0]! : failSeveral(prototxts, 'prototxt');
}

function failSeveral(files: readonly NamedFile[], what: string): never {
  const names = files.map(({ name }) => baseName(name)).join(' and ');
  fail(
    'unreadable-file',
    `Expected one ${what} of a Caffe network, found ${files.length}: ${names}; choose one of them.`,
  );
}

function failMissing(file: NamedFile, what: string, files: readonly NamedFile[]): never {
  const damaged = files.find((other) => other !== file && isNamedCaffe(other));
  const found = damaged ? `${baseName(damaged.name)} is ${describeContent(damaged.bytes)}` : 'found none';
  fail(
    'unreadable-file',
    `${baseName(file.name)}: expected the ${what} beside it, ${found}; open both files together.`,
  );
}

function failNeither(file: NamedFile): never {
  fail(
    'unreadable-file',
    `${baseName(file.name)}: expected a Caffe network, found ${describeContent(file.bytes)}; copy it again.`,
  );
}
