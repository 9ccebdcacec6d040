import { fail } from '../../../network/failure';
import { startsWith } from '../../content';
import { baseName, type NamedFile } from '../../file';
import { converters } from '../layers/operators';
import type { ModelReader, OperatorNames } from '../reader';
import { isKerasArchive, readArchive, readParts, unpackedParts } from './readArchive';
import { readWholeModel } from './readWhole';

function isHdf5({ bytes }: NamedFile): boolean {
  return startsWith(bytes, [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);
}

/** The one network there is. */
function only<T>(found: readonly T[], nameOf: (one: T) => string): T {
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  const names = found.map(nameOf).join(' and ');
  return fail(
    'unreadable-file',
    `Expected one network, found ${found.length}: ${names}; choose one of them.`,
  );
}

/** Both formats hold the same layers. */
const layerNames: OperatorNames = { form: 'Keras', names: [...converters.keys()] };

/** Keras archive: one `.keras` file, or what one holds, unpacked. */
export const keras: ModelReader = {
  id: 'keras',
  title: 'Keras',
  extensions: ['.keras'],
  operators: [layerNames],
  detect: (files) => (files.some(isKerasArchive) || unpackedParts(files).length > 0 ? 1 : 0),
  parts: (files) => [...files.filter(isKerasArchive), ...unpackedParts(files).flat()],
  read: (files, options) => {
    const found = [...files.filter(isKerasArchive).map((file) => [file]), ...unpackedParts(files)];
    const [first, ...more] = only(found, ([file]) => file!.name) as [NamedFile, ...NamedFile[]];
    return more.length === 0
      ? readArchive(first, options)
      : readParts([first, ...more], first.name, folderOf(first), options);
  },
};

function folderOf({ name }: NamedFile): string {
  const folder = name.slice(0, Math.max(0, name.length - baseName(name).length - 1));
  return baseName(folder) || 'model';
}

/** Keras's older format: a whole model in one HDF5 file. */
export const h5: ModelReader = {
  id: 'h5',
  title: 'Keras HDF5',
  extensions: ['.h5', '.hdf5'],
  operators: [layerNames],
  detect: (files) => (files.some(isHdf5) ? 1 : 0),
  parts: (files) => files.filter(isHdf5),
  read: (files, options) =>
    readWholeModel(
      only(files.filter(isHdf5), ({ name }) => name),
      options,
    ),
};
