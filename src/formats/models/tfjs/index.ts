import { fail } from '../../../network/failure';
import { baseName, type NamedFile } from '../../file';
import { converters } from '../layers/operators';
import type { ModelReader } from '../reader';
import { shardNames } from './manifest';
import { graphConverters } from './graph/operators';
import { isGraphModel, readGraphModel } from './graph/read';
import { modelJsonIn, readTfjs } from './read';

function modelsIn(files: readonly NamedFile[]) {
  return files.flatMap((file) => {
    const json = modelJsonIn(file);
    return json ? [{ file, json }] : [];
  });
}

/** TF.js: model.json and its shards. LayersModel and GraphModel. */
export const tfjs: ModelReader = {
  id: 'tfjs',
  title: 'TF.js',
  extensions: ['model.json'],
  operators: [
    { form: 'TF.js LayersModel', names: [...converters.keys()] },
    { form: 'TF.js GraphModel', names: [...graphConverters.keys()] },
  ],
  detect: (files) => (files.some((file) => modelJsonIn(file) !== null) ? 1 : 0),
  parts: (files) => {
    const models = modelsIn(files);
    const shards = new Set(models.flatMap(({ json }) => shardNames(json)));
    return files.filter(
      (file) => models.some((model) => model.file === file) || shards.has(baseName(file.name)),
    );
  },
  read: (files, options) => {
    const models = modelsIn(files);
    const [model] = models;
    if (model && models.length === 1) {
      const read = isGraphModel(model.json) ? readGraphModel : readTfjs;
      return read(model.file, model.json, files, options);
    }
    const names = models.map(({ file }) => file.name).join(' and ');
    return fail(
      'unreadable-file',
      `Expected one network, found ${models.length}: ${names}; choose one of them.`,
    );
  },
};
