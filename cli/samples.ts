import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NamedFile } from '../src/formats/file';
import { fail } from '../src/network/failure';
import type { PreprocessingOptions } from './preprocessing';
import { root } from './root';

const folder = join(root, 'public/samples');
const prefix = 'sample:';

/** The parts of the samples' manifest that the command line needs; samples/manifest.ts has the whole. */
interface Manifest {
  readonly classNames: readonly string[];
  readonly input: { readonly channelOrder: string; readonly mean: readonly number[]; readonly scale: number };
  readonly networks: readonly { readonly name: string; readonly file: string }[];
  readonly imageSets: Readonly<Record<'calibration' | 'validation', { readonly file: string }>>;
}

/** What a name like `sample:vgg` may stand for. */
export type SampleUse = 'network' | 'validation' | 'calibration';

/** Whether a path is the name of a built-in sample. */
export function isSample(path: string): boolean {
  return path.startsWith(prefix);
}

/**
 * The files behind `sample:vgg` or `sample:residual`: the network, or the images it is shown with.
 *
 * @throws FailureError `unreadable-file` for an unknown sample
 */
export async function readSample(name: string, use: SampleUse): Promise<NamedFile[]> {
  const manifest = await readManifest();
  const network = manifest.networks.find((candidate) => `${prefix}${candidate.name}` === name);
  if (!network) {
    const known = manifest.networks.map((candidate) => `${prefix}${candidate.name}`).join(', ');
    return fail(
      'unreadable-file',
      `${name}: expected one of ${known}, found no such sample; choose one of these.`,
    );
  }
  if (use === 'network') return [await readNamed(network.file)];
  const classes = new TextEncoder().encode(manifest.classNames.join('\n'));
  return [await readNamed(manifest.imageSets[use].file), { name: 'classes.txt', bytes: classes }];
}

/** The preprocessing that a sample's images want, as if it had been given on the command line. */
export async function samplePreprocessing(): Promise<PreprocessingOptions> {
  const { input } = await readManifest();
  return {
    channels: input.channelOrder.toLowerCase(),
    mean: input.mean.join(','),
    scale: String(input.scale),
  };
}

async function readManifest(): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest;
}

async function readNamed(name: string): Promise<NamedFile> {
  return { name, bytes: new Uint8Array(await readFile(join(folder, name))) };
}
