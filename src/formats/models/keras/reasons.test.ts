import { strToU8, unzipSync, zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import type { File } from 'h5wasm';
import { chainOf, randomDense, seededNumbers } from '../../../network/testing/builders';
import type { NamedFile } from '../../file';
import { readNetwork, writeNetwork } from '..';
import { readHdf5 } from './hdf5';
import { readArchive } from './readArchive';

describe('.keras archives are refused', () => {
  let parts: Readonly<Record<string, Uint8Array>>;
  const archive = (name: string, content = parts): NamedFile => ({ name, bytes: zipSync({ ...content }) });

  beforeAll(async () => {
    const [file] = await writeNetwork(chainOf([4], [randomDense(seededNumbers(3), 4, 2)]), 'keras');
    parts = unzipSync(file!.bytes);
  });

  it('where there are two of them', async () => {
    await expect(readNetwork([archive('a.keras'), archive('b.keras')])).rejects.toThrow(
      /^Expected one network, found 2: a\.keras and b\.keras; choose one of them\.$/,
    );
  });

  it('without a description', async () => {
    const { 'config.json': config, ...others } = parts;
    expect(config).toBeDefined();
    await expect(readArchive(archive('net.keras', others), {})).rejects.toThrow(
      /^net\.keras: expected a config\.json, found none; save it by model\.save\.$/,
    );
  });

  it('whose weights are spread over several files', async () => {
    const { 'model.weights.h5': weights, ...others } = parts;
    const spread = { ...others, 'model.weights.json': strToU8('{}'), 'model_00000.weights.h5': weights! };
    await expect(readNetwork([archive('net.keras', spread)])).rejects.toThrow(
      /^net\.keras: expected model\.weights\.h5, found none; save the network in one HDF5 file\.$/,
    );
  });
});

/** An HDF5 file as the library leaves it. */
async function hdf5Of(fill: (file: File) => void): Promise<NamedFile> {
  const hdf5 = await import('h5wasm');
  await hdf5.ready;
  // They come with the library.
  const { File, FS } = hdf5;
  const file = new File('/large.h5', 'w');
  fill(file);
  file.close();
  const bytes = FS!.readFile('/large.h5').slice();
  FS!.unlink('/large.h5');
  return { name: 'large.h5', bytes };
}

describe('HDF5 files are refused', () => {
  it('with more numbers than can be held, before they are read', async () => {
    const file = await hdf5Of((open) => {
      const growing = { shape: [1], maxshape: [null], chunks: [1024] };
      open.create_dataset({ name: 'kernel', data: new Float32Array(1), ...growing });
      (open.get('kernel') as unknown as { resize: (shape: readonly number[]) => void }).resize([2 ** 28 + 1]);
    });
    expect(file.bytes.length).toBeLessThan(100_000);
    await expect(readHdf5(file, () => true)).rejects.toThrow(
      /^expected at most 268435456 numbers in an HDF5 file, found more; save the network alone\.$/,
    );
  });

  it('with more objects than a network has', async () => {
    const file = await hdf5Of((open) => {
      open.create_group('layers');
      for (let count = 0; count < 100_000; count++) open.create_soft_link('/layers', `link${count}`);
    });
    await expect(readHdf5(file, () => true)).rejects.toThrow(
      /^expected at most 100000 objects in an HDF5 file, found 100001; save the network alone\.$/,
    );
  });

  it.each<[string, string, (open: File) => void]>([
    [
      'another file, which is not there',
      'out.h5',
      (open) => open.create_external_link('out.h5', '/kernel', 'kernel'),
    ],
    [
      'another folder',
      '../../etc/passwd',
      (open) => open.create_external_link('../../etc/passwd', '/kernel', 'kernel'),
    ],
    ['itself by its name', 'large.h5', (open) => open.create_external_link('large.h5', '/other', 'kernel')],
  ])('whose numbers lie in %s', async (_, source, link) => {
    const file = await hdf5Of((open) => {
      open.create_dataset({ name: 'other', data: Float32Array.of(1, 2) });
      link(open);
    });
    await expect(readHdf5(file, (path) => path === 'kernel')).rejects.toThrow(
      `"kernel": expected numbers in this file, found them in another one, "${source}"; save the network in one HDF5 file.`,
    );
  });

  it.each<[string, (open: File) => void]>([
    ['themselves', (open) => open.create_soft_link('/kernel', 'kernel')],
    [
      'one another',
      (open) => {
        open.create_soft_link('/b', 'kernel');
        open.create_soft_link('/kernel', 'b');
      },
    ],
    [
      'themselves in a group',
      (open) => {
        open.create_group('layer');
        open.create_soft_link('/layer/kernel', 'layer/kernel');
      },
    ],
  ])('whose links lead to %s', async (_, link) => {
    await expect(readHdf5(await hdf5Of(link), () => true)).rejects.toThrow(
      /^large\.h5: expected an HDF5 file, found none that can be read; .*export it again\.$/,
    );
  });

  it('not, and read without a weight, where a link leads nowhere', async () => {
    const file = await hdf5Of((open) => {
      open.create_dataset({ name: 'other', data: Float32Array.of(1, 2) });
      open.create_soft_link('/nowhere', 'kernel');
    });
    expect([...(await readHdf5(file, () => true)).tensors.keys()]).toEqual(['other']);
  });

  it.each<[string, (open: File) => void]>([
    ['its own group', (open) => open.create_soft_link('/', 'again')],
    [
      'a group around it',
      (open) => {
        open.create_group('outer').create_group('inner');
        open.create_soft_link('/outer', 'outer/inner/again');
      },
    ],
    [
      'groups that hold one another',
      (open) => {
        open.create_group('a');
        open.create_group('b');
        open.create_soft_link('/b', 'a/b');
        open.create_soft_link('/a', 'b/a');
      },
    ],
  ])('not, and read to their end, where a link leads to %s', async (_, link) => {
    const file = await hdf5Of((open) => {
      open.create_dataset({ name: 'other', data: Float32Array.of(1, 2) });
      link(open);
    });
    const { tensors } = await readHdf5(file, (path) => path === 'other');
    expect([...tensors.keys()]).toEqual(['other']);
  });
});
