import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FailureError } from '../../../network/failure';
import { chainOf, randomConvolution, seededNumbers, square } from '../../../network/testing/builders';
import { unsupportedNodes } from '../../../network/validate';
import type { NamedFile } from '../../file';
import { readNetwork } from '..';
import { readCaffe } from './read';
import { writeCaffe } from './write';
import { CaffeWriter } from './writing/context';

const folder = new URL('./fixtures/', import.meta.url);
const file = (name: string): NamedFile => ({
  name,
  bytes: new Uint8Array(readFileSync(new URL(name, folder))),
});
const text = (name: string, content: string): NamedFile => ({
  name,
  bytes: new TextEncoder().encode(content),
});
const weights = file('conv.caffemodel');
const prototxt = file('conv.prototxt');
const content = new TextDecoder().decode(prototxt.bytes);

async function failureOf(...files: readonly NamedFile[]): Promise<string> {
  try {
    await readNetwork(files);
  } catch (error) {
    expect(error).toBeInstanceOf(FailureError);
    return (error as FailureError).message;
  }
  return 'read without a failure';
}

/** The sentence for the convolution's prototxt with one part of it replaced. */
const failureWith = (from: string, to: string) =>
  failureOf(text('net.prototxt', content.replace(from, to)), weights);

describe('Caffe files that are no network', () => {
  it('are half of one', async () => {
    expect(await failureOf(prototxt)).toBe(
      'conv.prototxt: expected the .caffemodel with its weights beside it, found none; open both files together.',
    );
    expect(await failureOf(weights)).toBe(
      'conv.caffemodel: expected the prototxt, which says how its layers are connected, beside it, found none; open both files together.',
    );
    expect(await failureOf(prototxt, text('conv.caffemodel', 'version https://git-lfs'))).toBe(
      'conv.prototxt: expected the .caffemodel with its weights beside it, conv.caffemodel is plain text; open both files together.',
    );
    expect(await failureOf(text('solver.prototxt', 'net: "train_val.prototxt"\nbase_lr: 0.1'))).toBe(
      'solver.prototxt: expected a Caffe network, found plain text; copy it again.',
    );
  });

  it('are more than one', async () => {
    expect(await failureOf(prototxt, weights, file('scale.caffemodel'))).toBe(
      'Expected one .caffemodel of a Caffe network, found 2: conv.caffemodel and scale.caffemodel; choose one of them.',
    );
    expect(await failureOf(prototxt, file('scale.prototxt'), weights)).toMatch(
      /^Expected one prototxt.*found 2/,
    );
  });

  it('may have a description for training and a solver beside the one with an input', async () => {
    const training = text(
      'train_val.prototxt',
      content.replace(/type: "Input".*/, 'type: "Data" top: "data" }'),
    );
    const solver = text('solver.prototxt', 'net: "x"');
    const network = await readNetwork([training, solver, weights, prototxt]);
    expect(network.input.shape).toEqual([7, 6, 4]);
  });

  it('are cut off or damaged', async () => {
    const cut = { name: 'conv.caffemodel', bytes: weights.bytes.subarray(0, weights.bytes.length - 9) };
    expect(await failureOf(prototxt, cut)).toMatch(
      /^conv\.caffemodel: expected the weights of a Caffe net, but at net\.layer.*cut off or damaged/,
    );
    expect(await failureWith('num_output: 6', 'num_output: }')).toBe(
      'net.prototxt: expected a Caffe prototxt, but line 3: expected a value for "num_output", found "}"; mend that line or export the net again.',
    );
    expect(await failureWith('num_output: 6', 'num_output 6')).toContain(
      'line 3: expected ":" or "{" after "num_output", found "6"',
    );
    expect(await failureWith('num_output: 6', 'num_output: six')).toContain(
      'line 3: expected a whole number for "num_output", found "six"',
    );
    expect(await failureWith('type: "Convolution"', 'type: Convolution')).toContain(
      'line 3: expected a text in quotes for "type", found "Convolution"',
    );
    expect(await failureWith('num_output: 6', 'num_output: 6 "')).toContain('which starts nothing');
    expect(await failureOf(text('net.prototxt', content.trimEnd().slice(0, -2)), weights)).toContain(
      'the text ends where "}" is expected',
    );
    const deep = `layer { ${'a { '.repeat(100)}`;
    expect(await failureOf(text('net.prototxt', content + deep), weights)).toContain('more than 32 deep');
  });

  it('do not belong together', async () => {
    expect(await failureWith('num_output: 6', 'num_output: 8')).toBe(
      'net.prototxt: layer "conv" (Convolution): expected a kernel of 8×4×3×3, found 6×4×3×3 in the .caffemodel; the two files seem not to belong together.',
    );
    expect(await failureWith('name: "conv" type', 'name: "conv1" type')).toContain(
      'layer "conv1" (Convolution): expected a kernel of 6×4×3×3, found none in the .caffemodel',
    );
  });

  it('compute nothing', () => {
    const input = 'input: "data" input_dim: [1, 4, 7, 6]';
    const silenced =
      'layer { name: "a" type: "ReLU" bottom: "data" top: "a" } layer { type: "Silence" bottom: "a" }';
    for (const net of [input, `${input} ${silenced}`])
      expect(() => readCaffe(text('net.prototxt', net), weights)).toThrow(
        'net.prototxt: expected layers that compute something, found none; open the deploy prototxt.',
      );
  });

  it('do not say what they read', async () => {
    const [input] = /type: "Input".*/.exec(content)!;
    const say = 'which leaves them open; say how large its images are (--input-size HxW), or write';
    expect(await failureWith(input, 'type: "Data" top: "data" }')).toBe(
      `net.prototxt: layer "data" (Data): expected a height and width, found [N, 4, ?, ?], ${say} transform_param { crop_size: 224 } into the layer.`,
    );
    expect(await failureWith(input, 'type: "Input" top: "data" }')).toBe(
      `net.prototxt: layer "data" (Input): expected a height and width, found [N, 4, ?, ?], ${say} input_param { shape { dim: 1 dim: 3 dim: 224 dim: 224 } } into the layer.`,
    );
    const unknown = content.replace(input, 'type: "Data" top: "data" transform_param { crop_size: 7 } }');
    expect(await failureOf(text('net.prototxt', unknown.replaceAll('"Convolution"', '"Odd"')), weights)).toBe(
      'net.prototxt: layer "data" (Data): expected the number of channels of its images, found none in the file; write transform_param { force_color: true }, or force_gray, into the layer.',
    );
    expect(await failureWith('type: "Input"', 'type: "ReLU"')).toContain(
      'expected a layer that brings images in, found none',
    );
    expect(await failureWith('dim: 7 dim: 6', 'dim: 7 dim: 0')).toBe(
      `net.prototxt: input "data": expected a height and width, found [1, 4, 7, 0], ${say} the numbers into the prototxt.`,
    );
    expect(await failureWith('dim: 7 dim: 6', 'dim: 7 dim: 6 dim: 1')).toContain(
      'expected [batch, channels, height, width], found [1, 4, 7, 6, 1]',
    );
    const second = 'layer { name: "more" type: "Input" top: "more" input_param { shape { dim: 1 dim: 2 } } }';
    expect(await failureOf(text('net.prototxt', content + second), weights)).toContain(
      'expected a net with one input, found 2 ("data", "more")',
    );
    const oldest = 'input: "data" input_dim: [1, 3, 8, 8] layers { layer { name: "a" type: "conv" } }';
    expect(await failureOf(text('net.prototxt', oldest), weights)).toContain('upgrade_net_proto');
  });

  it('list what cannot be computed with the reason', () => {
    const reasons: readonly (readonly [string, string])[] = [
      ['type: "Deconvolution"', 'it makes images larger or bends them'],
      ['type: "Whatever"', 'the studio does not know this kind of layer; replace it'],
      ['type: "Pooling" pooling_param { pool: STOCHASTIC kernel_size: 2 }', 'picks values at random'],
      ['type: "LRN" lrn_param { norm_region: WITHIN_CHANNEL }', 'normalises within channels'],
      ['type: "Clip" clip_param { min: 0 }', 'clips from 0 to no bound, expected two bounds'],
      ['type: "Slice" slice_param { slice_point: 5 }', 'cuts 4 at 5 into 1 parts'],
      ['type: "Permute" permute_param { order: 1 order: 0 order: 2 order: 3 }', 'expected the batch first'],
      [
        'type: "ShuffleChannel" shuffle_channel_param { group: 3 }',
        '4 channels cannot be split into 3 groups',
      ],
      ['type: "Softmax" softmax_param { axis: 2 }', 'along axis 2'],
      ['type: "Flatten" flatten_param { axis: 2 }', 'flattens axes 2'],
      ['type: "Reshape" reshape_param { shape { dim: 1 dim: -1 } }', 'does not keep images apart'],
      ['type: "Concat" concat_param { axis: 0 }', 'joins along axis 0'],
      ['type: "Pooling" pooling_param { kernel_size: 9 }', 'does not fit'],
      ['type: "Scale" scale_param { axis: 2 }', 'expected the channels'],
    ];
    for (const [settings, reason] of reasons) {
      const net = `input: "data" input_dim: [1, 4, 7, 6] layer { name: "odd" top: "odd" bottom: "data" ${settings} }`;
      const [problem] = unsupportedNodes(readCaffe(text('net.prototxt', net), weights));
      expect(problem?.message, settings).toContain(reason);
      expect(problem?.message).toContain('Node "odd"');
    }
  });

  it('are refused when Caffe has nothing like a node', () => {
    const numbers = seededNumbers(1);
    const uneven = randomConvolution(numbers, {
      kernel: square(3),
      padding: { top: 0, bottom: 1, left: 0, right: 1 },
      inputs: 2,
      outputs: 3,
    });
    expect(() => writeCaffe(chainOf([6, 6, 2], [uneven]))).toThrow(
      /cannot be written for Caffe: it pads 0 above, 1 below.*write ONNX instead\.$/,
    );
    const gelu = { kind: 'activation', function: 'gelu', alpha: 0, beta: 0 } as const;
    expect(() => writeCaffe(chainOf([6, 6, 2], [gelu]))).toThrow(/Caffe has no gelu/);
    expect(() => new CaffeWriter(new Map([['known', [6, 6, 2]]]), []).shape('lost')).toThrow(
      'Expected a value of known shape, found "lost" without; open the network again.',
    );
  });

  it('never end in anything but a network or a sentence', async () => {
    const pair = [file('older_layers.prototxt'), file('older_layers.caffemodel')] as const;
    const change = fc.record({
      which: fc.nat({ max: 1 }),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      value: fc.nat({ max: 255 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async (changes) => {
        const files = pair.map(({ name, bytes }) => ({ name, bytes: bytes.slice() }));
        for (const { which, at, value } of changes) {
          const { bytes } = files[which]!;
          bytes[Math.floor(at * (bytes.length - 1))] = value;
        }
        expect(await failureOf(...files)).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });
});
