import { fail } from '../../../network/failure';
import { baseName, type NamedFile } from '../../file';
import type { ModelFormat } from '../format';
import { shardNames } from './manifest';
import { isGraphModel, readGraphModel } from './graph/read';
import { modelJsonIn, readTfjs } from './read';
import { writeTfjs } from './write';

function modelsIn(files: readonly NamedFile[]) {
  return files.flatMap((file) => {
    const json = modelJsonIn(file);
    return json ? [{ file, json }] : [];
  });
}

/** TF.js: model.json and its shards. LayersModel and GraphModel are read; a LayersModel is written. */
export const tfjs: ModelFormat = {
  id: 'tfjs',
  title: 'TF.js',
  extensions: ['model.json'],
  detect: (files) => (files.some((file) => modelJsonIn(file) !== null) ? 1 : 0),
  parts: (files) => {
    const models = modelsIn(files);
    const shards = new Set(models.flatMap(({ json }) => shardNames(json)));
    return files.filter(
      (file) => models.some((model) => model.file === file) || shards.has(baseName(file.name)),
    );
  },
  read: (files) => {
    const models = modelsIn(files);
    const [model] = models;
    if (model && models.length === 1) {
      const read = isGraphModel(model.json) ? readGraphModel : readTfjs;
      return read(model.file, model.json, files);
    }
    const names = models.map(({ file }) => file.name).join(' and ');
    return fail(
      'unreadable-file',
      `Expected one network, found ${models.length}: ${names}; choose one of them.`,
    );
  },
  write: writeTfjs,
};
