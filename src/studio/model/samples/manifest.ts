import { fail } from '../../../network/failure';
import type { Preprocessing } from '../../../network/images';
import { parseShallowJson } from '../../../network/shallowJson';

/** A file beside the manifest. */
export interface SampleFile {
  readonly file: string;
  readonly bytes: number;
}

/** A built-in network. */
export interface SampleNetwork extends SampleFile {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly parameters: number;
  /** Multiply-accumulates of one image. */
  readonly macs: number;
  readonly layers: readonly { readonly operator: string }[];
  /** Validation images that it gets right. */
  readonly accuracy: { readonly correct: number; readonly count: number };
}

export interface SampleImages extends SampleFile {
  readonly count: number;
}

/** What the page reads of `samples/manifest.json`; the recipe of the samples writes more. */
export interface SampleManifest {
  readonly classNames: readonly string[];
  readonly input: {
    readonly channelOrder: 'RGB' | 'BGR';
    readonly mean: readonly number[];
    readonly scale: number;
  };
  readonly networks: readonly SampleNetwork[];
  readonly imageSets: { readonly calibration: SampleImages; readonly validation: SampleImages };
}

/**
 * Reads the manifest of the samples.
 *
 * @throws FailureError 'unreadable-file': which entry is not what it should be
 */
export function readManifest(text: string): SampleManifest {
  const root = new Entry(parsed(text), '');
  const input = root.at('input');
  const sets = root.at('imageSets');
  const networks = root.at('networks').list(readNetwork);
  if (networks.length === 0)
    fail(
      'unreadable-file',
      `${manifestName}: expected a network in "networks", found none; reload the page.`,
    );
  return {
    classNames: root.at('classNames').list((name) => name.text()),
    input: {
      channelOrder: input.at('channelOrder').oneOf('RGB', 'BGR'),
      mean: input.at('mean').list((mean) => mean.number()),
      scale: input.at('scale').number(),
    },
    networks,
    imageSets: {
      calibration: readImages(sets.at('calibration')),
      validation: readImages(sets.at('validation')),
    },
  };
}

/** How the pixels of the samples become the input of their networks. */
export function samplePreprocessing({ input }: SampleManifest): Preprocessing {
  const channels = input.channelOrder === 'BGR' ? 'bgr' : 'rgb';
  return { channels, mean: input.mean, scale: [input.scale] };
}

/**
 * The network of that name.
 *
 * @throws FailureError 'invalid-request' with the names there are
 */
export function sampleNamed(manifest: SampleManifest, name: string): SampleNetwork {
  const found = manifest.networks.find((network) => network.name === name);
  const names = manifest.networks.map((network) => network.name).join(', ');
  return found ?? fail('invalid-request', `There is no sample "${name}"; the samples are ${names}.`);
}

const manifestName = 'samples/manifest.json';

function parsed(text: string): unknown {
  try {
    return parseShallowJson(text);
  } catch {
    return fail(
      'unreadable-file',
      `${manifestName}: expected JSON, found ${text.length === 0 ? 'nothing' : 'other text'}; reload the page.`,
    );
  }
}

function readNetwork(entry: Entry): SampleNetwork {
  const accuracy = entry.at('accuracy');
  return {
    ...readFile(entry),
    name: entry.at('name').text(),
    title: entry.at('title').text(),
    description: entry.at('description').text(),
    parameters: entry.at('parameters').number(),
    macs: entry.at('macs').number(),
    layers: entry.at('layers').list((layer) => ({ operator: layer.at('operator').text() })),
    accuracy: { correct: accuracy.at('correct').number(), count: accuracy.at('count').number() },
  };
}

function readImages(entry: Entry): SampleImages {
  return { ...readFile(entry), count: entry.at('count').number() };
}

function readFile(entry: Entry): SampleFile {
  return { file: entry.at('file').text(), bytes: entry.at('bytes').number() };
}

/** A value of the manifest that knows where it stands, so that a failure can say so. */
class Entry {
  constructor(
    private readonly value: unknown,
    private readonly path: string,
  ) {}

  at(key: string): Entry {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return this.expected('an object');
    return new Entry((value as Record<string, unknown>)[key], this.path === '' ? key : `${this.path}.${key}`);
  }

  list<T>(read: (entry: Entry) => T): readonly T[] {
    if (!Array.isArray(this.value)) return this.expected('a list');
    return this.value.map((value: unknown, index) => read(new Entry(value, `${this.path}[${index}]`)));
  }

  text(): string {
    return typeof this.value === 'string' && this.value !== '' ? this.value : this.expected('a text');
  }

  oneOf<T extends string>(...words: readonly T[]): T {
    return words.find((word) => word === this.value) ?? this.expected(words.join(' or '));
  }

  number(): number {
    return typeof this.value === 'number' ? this.value : this.expected('a number');
  }

  private expected(what: string): never {
    const found = this.value === undefined ? 'nothing' : JSON.stringify(this.value).slice(0, 40);
    const where = this.path === '' ? 'at its top' : `in "${this.path}"`;
    return fail(
      'unreadable-file',
      `${manifestName}: expected ${what} ${where}, found ${found}; reload the page.`,
    );
  }
}
