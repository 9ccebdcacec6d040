import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Network } from '../../../network/graph';
import { fingerprintNetwork } from '../../../network/fingerprint';
import { inferShapes } from '../../../network/shapes';
import { unsupportedNodes } from '../../../network/validate';
import { fixtureInput, runReferenceBatch } from '../../testing/fixtures';
import { largestDifference } from '../../testing/layout';
import { writeOnnx } from '../onnx/write';
import { readOnnx } from '../onnx/read';
import { converters } from './operators';
import { readCaffe } from './read';
import { writeCaffe } from './write';

const folder = new URL('./fixtures/', import.meta.url);
const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Record<
  string,
  { readonly input: readonly number[]; readonly output: readonly number[] }
>;
const names = Object.keys(expected);

/** Kinds that are held against their definitions, without PyTorch. */
const newerKinds: readonly string[] = [
  ...[
    'AbsVal',
    'Axpy',
    'BNLL',
    'Crop',
    'Exp',
    'Interp',
    'Log',
    'Permute',
    'ShuffleChannel',
    'Slice',
    'Swish',
  ],
  'Upsample',
];

const file = (name: string) => ({ name, bytes: new Uint8Array(readFileSync(new URL(name, folder))) });
const fixture = (name: string) => readCaffe(file(`${name}.prototxt`), file(`${name}.caffemodel`));

function answers(network: Network, name: string): Float32Array {
  const count = expected[name]!.input.reduce((product, extent) => product * extent, 1);
  return runReferenceBatch(network, fixtureInput(count));
}

describe('Caffe nets by scripts/make-caffe-fixtures.py', () => {
  it('have every kind of layer that is read', () => {
    const kinds = names.flatMap((name) =>
      [...new TextDecoder().decode(file(`${name}.prototxt`).bytes).matchAll(/type: "(\w+)"/g)].map(
        ([, kind]) => kind!,
      ),
    );
    const without = [...converters.keys()].filter((kind) => !kinds.includes(kind));
    // Another name of DepthwiseConvolution, and what newerLayers.test.ts tries.
    expect(without.filter((kind) => !newerKinds.includes(kind))).toEqual(['ConvolutionDepthwise']);
  });

  it.each(names)('%s computes what PyTorch computes', (name) => {
    const network = fixture(name);
    expect(unsupportedNodes(network)).toEqual([]);
    expect(inferShapes(network).problems).toEqual([]);
    expect(largestDifference(answers(network, name), expected[name]!.output)).toBeLessThan(1e-5);
  });

  it.each(names)('%s is the same after it was written and read', (name) => {
    const network = fixture(name);
    const [caffemodel, prototxt] = writeCaffe(network);
    const again = readCaffe(prototxt!, caffemodel!);
    expect(fingerprintNetwork(again)).toBe(fingerprintNetwork(network));
    expect(again.preprocessing).toEqual(network.preprocessing);
  });

  it.each(names)('%s answers the same as ONNX', (name) => {
    const again = readOnnx({ name: 'net.onnx', bytes: writeOnnx(fixture(name)) });
    expect(largestDifference(answers(again, name), expected[name]!.output)).toBeLessThan(1e-5);
  });

  it('leave out what only training needs', () => {
    const network = fixture('train_val');
    expect(network.nodes.map((node) => node.name)).toEqual(['conv', 'fc/flatten', 'fc']);
    expect(network.preprocessing).toEqual({ channels: 'bgr', mean: [104, 117, 123], scale: [0.00390625] });
  });
});
