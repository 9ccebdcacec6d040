import { fail } from '../../../network/failure';
import { baseName, type NamedFile } from '../../file';
import type { ModelFormat } from '../format';
import { shardNames } from './manifest';
import { layersModelIn, readTfjs } from './read';
import { writeTfjs } from './write';

function modelsIn(files: readonly NamedFile[]) {
  return files.flatMap((file) => {
    const json = layersModelIn(file);
    return json ? [{ file, json }] : [];
  });
}

/** TF.js LayersModel: model.json and its shards. */
export const tfjs: ModelFormat = {
  id: 'tfjs',
  title: 'TF.js LayersModel',
  extensions: ['model.json'],
  detect: (files) => (files.some((file) => layersModelIn(file) !== null) ? 1 : 0),
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
    if (model && models.length === 1) return readTfjs(model.file, model.json, files);
    const names = models.map(({ file }) => file.name).join(' and ');
    return fail(
      'unreadable-file',
      `Expected one network, found ${models.length}: ${names}; choose one of them.`,
    );
  },
  write: writeTfjs,
};
