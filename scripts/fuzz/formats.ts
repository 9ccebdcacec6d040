import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync, gzipSync, unzipSync, zipSync } from 'fflate';
import { stem, type NamedFile } from '../../src/formats/file';
import { writeNetwork } from '../../src/formats/models';
import { recipes, randomGraph } from '../../src/formats/models/tfjs/graph/testing/randomGraphs';
import type { Random } from '../../src/linalg/random';
import {
  activation,
  chainOf,
  randomConvolution,
  randomDense,
  seededNumbers,
  smallResidualNetwork,
  square,
} from '../../src/network/testing/builders';
import { mutatedBytes, mutatedJson, mutatedText } from '../../src/network/testing/mutants';
import { writerCases } from '../../src/formats/testing/writerCases';
import { randomPictures } from '../../workers/testing/tinyStudio';
import { mutatedTflite } from './tfliteMutants';

/** A kind of file with whole examples of it and a way to change them that keeps most of their structure. */
export interface FuzzedFormat {
  readonly reads: 'network' | 'images';
  /** Whole sets of files. */
  readonly examples: () => Promise<readonly (readonly NamedFile[])[]>;
  readonly mutate: (files: readonly NamedFile[], random: Random) => readonly NamedFile[];
}

const text = new TextEncoder();
const decoded = ({ bytes }: NamedFile) => new TextDecoder().decode(bytes);
const changedBytes = (file: NamedFile, random: Random): NamedFile => ({
  ...file,
  bytes: mutatedBytes(file.bytes, random),
});
const changedText = (file: NamedFile, random: Random): NamedFile => ({
  ...file,
  bytes: text.encode(mutatedText(decoded(file), random)),
});
const changedJson = (file: NamedFile, random: Random): NamedFile => ({
  ...file,
  bytes: text.encode(JSON.stringify(mutatedJson(JSON.parse(decoded(file)), random)) ?? ''),
});

/** Changes the content of an archive and packs it again, checksums and all; at times the archive itself. */
function changedArchive(file: NamedFile, random: Random): NamedFile {
  if (random.integer(5) === 0) return changedBytes(file, random);
  const entries = Object.entries(unzipSync(file.bytes));
  const at = random.integer(entries.length);
  const [name, bytes] = entries[at]!;
  const change = name.endsWith('.json') ? changedJson : name.endsWith('.txt') ? changedText : changedBytes;
  const changed = change({ name, bytes }, random);
  return {
    ...file,
    bytes: zipSync(Object.fromEntries(entries.with(at, [name, Uint8Array.from(changed.bytes)])), {
      level: 0,
    }),
  };
}

function changedGzip(file: NamedFile, random: Random): NamedFile {
  if (random.integer(3) === 0) return changedBytes(file, random);
  const bytes = gzipSync(mutatedBytes(gunzipSync(file.bytes), random), { level: 1 });
  return { ...file, bytes };
}

/** One of the files changed, by its kind. */
function changedOne(files: readonly NamedFile[], random: Random): readonly NamedFile[] {
  const at = random.integer(files.length);
  const file = files[at]!;
  const change = /\.json$/.test(file.name)
    ? changedJson
    : /\.(prototxt|csv|txt)$/.test(file.name)
      ? changedText
      : /\.(zip|npz|keras)$/.test(file.name)
        ? changedArchive
        : /\.gz$/.test(file.name)
          ? changedGzip
          : changedBytes;
  return files.with(at, change(file, random));
}

const written = (format: string) => async () => [await writeNetwork(smallResidualNetwork(2), format)];
const fixtures = (folder: string, pattern: RegExp): readonly NamedFile[] => {
  const place = new URL(`../../src/formats/${folder}/`, import.meta.url);
  const names = readdirSync(place).filter((name) => pattern.test(name));
  return names.map((name) => ({ name, bytes: new Uint8Array(readFileSync(new URL(name, place))) }));
};
const network = (examples: FuzzedFormat['examples']): FuzzedFormat => ({
  ...{ reads: 'network', examples, mutate: changedOne },
});
const images = (...examples: readonly (readonly NamedFile[])[]): FuzzedFormat => ({
  ...{ reads: 'images', examples: () => Promise.resolve(examples), mutate: changedOne },
});
const pictures = (pattern: RegExp) => images(...fixtures('pictures/fixtures', pattern).map((file) => [file]));

/** Records of CIFAR: labels, then pixels. */
const records = (labels: number, count = 3) =>
  Uint8Array.from({ length: count * (labels + 3072) }, (_, at) =>
    at % (labels + 3072) < labels ? at % 7 : at % 251,
  );
const idx = (type: number, ...extents: readonly number[]) => {
  const head = [0, 0, 8, type, ...extents.flatMap((extent) => [0, 0, extent >> 8, extent & 255])];
  const size = extents.reduce((product, extent) => product * extent, 1);
  return Uint8Array.from([...head, ...Array.from({ length: size }, (_, at) => at % 10)]);
};
const onePixel = fixtures('pictures/fixtures', /^palette\.png$/)[0]!.bytes;
const table = text.encode('file,label,fold\na/1.png,cat,0\nb/2.png,dog,1\n');
const labelled = [
  { name: 'a/1.png', bytes: onePixel },
  { name: 'b/2.png', bytes: onePixel },
];

/** Nets of Caffe with their weights. */
function pairs(): readonly (readonly NamedFile[])[] {
  const weights = new Map(
    fixtures('models/caffe/fixtures', /\.caffemodel$/).map((file) => [stem(file.name), file]),
  );
  return fixtures('models/caffe/fixtures', /\.prototxt$/).flatMap((file) => {
    const own = weights.get(stem(file.name));
    return own ? [[file, own]] : [];
  });
}

const numbers = seededNumbers(5);
/** A network that every format has layers for. */
const plain = chainOf(
  [8, 8, 3],
  [
    randomConvolution(numbers, { kernel: square(3), inputs: 3, outputs: 4 }),
    activation('relu'),
    { kind: 'flatten', order: 'hwc' },
    randomDense(numbers, 144, 5),
  ],
);

function graphs(): Promise<readonly (readonly NamedFile[])[]> {
  const ops = Object.keys(recipes);
  return Promise.resolve(
    ops.map((op, index) => {
      const { graph, output } = randomGraph(op, seededNumbers(index), 2);
      return graph.files(output);
    }),
  );
}

/** Mostly what a file says, at times its bytes. */
function changedTflite(files: readonly NamedFile[], random: Random): readonly NamedFile[] {
  if (random.integer(3) === 0) return changedOne(files, random);
  return files.map((file) => ({ ...file, bytes: mutatedTflite(file.bytes, random) }));
}

/** Every kind of file that is read, by the name that `npm run fuzz` takes. */
export const fuzzedFormats: Readonly<Record<string, FuzzedFormat>> = {
  onnx: network(async () => [
    ...(await written('onnx')()),
    ...fixtures('models/onnx/fixtures', /\.onnx$/).map((file) => [file]),
  ]),
  keras: network(written('keras')),
  h5: network(written('h5')),
  tfjs: network(async () => [await writeNetwork(plain, 'tfjs')]),
  graph: network(graphs),
  caffe: network(() => Promise.resolve(pairs())),
  tflite: {
    reads: 'network',
    examples: async () => [
      ...(await written('tflite')()),
      await writeNetwork(plain, 'tflite'),
      ...(await Promise.all(writerCases.map(([, network]) => writeNetwork(network, 'tflite')))),
    ],
    mutate: changedTflite,
  },
  cifar10: images([{ name: 'a.bin', bytes: records(1) }]),
  cifar100: images([{ name: 'cifar100.bin', bytes: records(2) }]),
  idx: images([
    { name: 'i.idx3-ubyte', bytes: idx(3, 5, 4, 4) },
    { name: 'l.idx1-ubyte', bytes: idx(1, 5) },
  ]),
  npy: images([randomPictures(3, 8, 8)]),
  npz: images([
    { name: 'a.npz', bytes: zipSync({ 'x_test.npy': randomPictures(3, 8, 8).bytes }, { level: 0 }) },
  ]),
  gzip: images([{ name: 'a.bin.gz', bytes: gzipSync(records(1)) }]),
  zip: images([
    {
      name: 'a.zip',
      bytes: zipSync({
        '0/1.png': onePixel,
        '1/2.png': onePixel,
        'classes.txt': text.encode('0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n'),
      }),
    },
  ]),
  tables: images(
    [...labelled, { name: 't.csv', bytes: table }],
    [...labelled, { name: 't.json', bytes: text.encode('{"1.png": "cat", "2.png": "dog"}') }],
    [...labelled, { name: 'classes.txt', bytes: text.encode('0 a\n1 b\n') }],
  ),
  jpeg: pictures(/\.jpg$/),
  png: pictures(/\.png$/),
  webp: pictures(/\.webp$/),
  gif: pictures(/\.gif$/),
  bmp: pictures(/\.bmp$/),
  tiff: pictures(/\.tif$/),
  ppm: pictures(/\.p[bgp]m$/),
};
