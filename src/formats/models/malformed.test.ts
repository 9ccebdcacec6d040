import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { FailureError } from '../../network/failure';
import { chainOf, randomDense, seededNumbers, smallResidualNetwork } from '../../network/testing/builders';
import { assertComputable } from '../../network/validate';
import type { NamedFile } from '../file';
import { readNetwork, writeNetwork } from '.';
import { writeOnnx } from './onnx/write';
import { readers } from './readers';
import { writers } from './writers';

const text = (content: string) => new TextEncoder().encode(content);
const whole = writeOnnx(smallResidualNetwork());

/** The one sentence that reading these files ends with. */
async function failureOf(...files: readonly NamedFile[]): Promise<string> {
  try {
    await readNetwork(files);
  } catch (error) {
    expect(error).toBeInstanceOf(FailureError);
    return (error as FailureError).message;
  }
  return 'read without a failure';
}

function fixture(name: string): NamedFile {
  const path = new URL(`./onnx/fixtures/${name}`, import.meta.url);
  return { name, bytes: readFileSync(path) };
}

const titles = readers.all.map(({ title }) => title).join(', ');
const endings = readers.all.flatMap(({ extensions }) => extensions).join(', ');

describe('files that are no network', () => {
  const cases: readonly (readonly [string, Uint8Array, string])[] = [
    ['notes.txt', text('Remember to train.\n'), 'plain text'],
    ['empty.onnx', new Uint8Array(0), 'an empty file'],
    ['fake.onnx', text('not a network'), 'plain text'],
    ['model.json', text('{"format": "layers-model"}'), 'JSON text'],
    ['page.onnx', text('<!DOCTYPE html><html></html>'), 'an HTML or XML page'],
    ['cat.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0), 'a PNG image'],
    ['net.pt', zipSync({ 'data.pkl': text('x') }), 'a zip archive'],
    ['test_batch.bin', new Uint8Array(3073 * 2), 'CIFAR-10 images'],
    ['digits', Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 0), 'images in IDX format'],
    ['noise.dat', Uint8Array.of(0xfe, 0x01, 0x00, 0x80, 0x13), 'binary data of an unknown kind'],
  ];

  it.each(cases)('%s is refused with what it seems to be', async (name, bytes, found) => {
    const message = await failureOf({ name, bytes });
    expect(message.startsWith(`${name}: expected a`)).toBe(true);
    expect(message).toContain(`found ${found}`);
    expect(message).toMatch(/\.$/);
  });

  it('say so in one sentence', async () => {
    expect(await failureOf({ name: 'notes.txt', bytes: text('hello') })).toBe(
      `notes.txt: expected a network (${titles}), found plain text; choose a ${endings} file.`,
    );
    expect(await failureOf()).toBe(
      `Expected a network (${titles}), found no file; choose a ${endings} file.`,
    );
  });

  it('do not hide a network among them', async () => {
    const files = [
      { name: 'readme.txt', bytes: text('hello') },
      { name: 'net.onnx', bytes: whole },
    ];
    expect((await readNetwork(files)).nodes.length).toBe(smallResidualNetwork().nodes.length);
  });

  it('two networks are one too many', async () => {
    const message = await failureOf({ name: 'a.onnx', bytes: whole }, { name: 'b.onnx', bytes: whole });
    expect(message).toBe('Expected one network, found 2: a.onnx and b.onnx; choose one of them.');
  });
});

describe('damaged ONNX files', () => {
  it('that are cut off are refused wherever the cut is', async () => {
    const cuts = [1, 2, 5, 20, 100, 1000, whole.length >> 1, whole.length - 1000, whole.length - 20];
    for (const cut of cuts) {
      const message = await failureOf({ name: 'cut.onnx', bytes: whole.slice(0, cut) });
      expect([cut, message.startsWith('cut.onnx: expected an ONNX network, ')]).toEqual([cut, true]);
    }
  });

  it('that are cut off inside the graph say how much is missing', async () => {
    const message = await failureOf({ name: 'cut.onnx', bytes: whole.slice(0, 1000) });
    expect(message).toMatch(
      /^cut\.onnx: expected an ONNX network, but at model\.graph \d+ bytes expected, \d+ left;/,
    );
  });

  it('with changed bytes end in a network or in a sentence, never in anything else', async () => {
    const names = [
      'conv_batch_norm',
      'view_size_unfolded',
      'squeeze_excite_dense',
      'pad_opset13',
      'matmul_add',
    ];
    const files = names.map((name) => fixture(`${name}.onnx`).bytes);
    const change = fc.record({ at: fc.nat(), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(change, { minLength: 1, maxLength: 8 }),
        async (file, changes) => {
          const bytes = Uint8Array.from(file);
          for (const { at, byte } of changes) bytes[at % bytes.length] = byte;
          await expectNetworkOrFailure(bytes);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('with parts cut out or repeated end in a network or in a sentence', async () => {
    const file = fixture('squeeze_excite_dense.onnx').bytes;
    const place = fc.nat(file.length);
    await fc.assert(
      fc.asyncProperty(place, place, place, async (from, to, at) => {
        await expectNetworkOrFailure(
          Uint8Array.from([...file.subarray(0, at), ...file.subarray(from, to), ...file.subarray(at)]),
        );
        await expectNetworkOrFailure(Uint8Array.from([...file.subarray(0, from), ...file.subarray(to)]));
      }),
      { numRuns: 500 },
    );
  });

  /** Reading, checking and writing again: none may end in anything but a FailureError. */
  function expectNetworkOrFailure(bytes: Uint8Array): Promise<void> {
    return orFailure(async () => {
      const network = await readNetwork([{ name: 'changed.onnx', bytes }]);
      await orFailure(() => assertComputable(network));
      await writeNetwork(network, 'onnx');
    });
  }

  async function orFailure(step: () => void | Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
    }
  }
});

describe('ONNX files that cannot be computed', () => {
  it('with an unknown operator are read, and the operator is named when they are to be computed', async () => {
    const network = await readNetwork([fixture('unsupported_transpose_convolution.onnx')]);
    expect(network.nodes.map(({ operator }) => operator.kind)).toEqual(['unsupported', 'activation']);
    expect(() => assertComputable(network)).toThrow(
      'Node "up" (ConvTranspose) is not supported: it makes images larger or bends them, which networks that classify do not need; export the part that classifies.',
    );
  });

  it('with NaN or infinite weights are refused with node and place', async () => {
    for (const value of [NaN, Infinity]) {
      const dense = randomDense(seededNumbers(1), 4, 3);
      dense.weights.data[7] = value;
      const [file] = await writeNetwork(chainOf([4], [dense]), 'onnx');
      const network = await readNetwork([file!]);
      expect(() => assertComputable(network)).toThrow(/dense0.*7/);
    }
  });

  it('are written in no format that the studio does not know', async () => {
    await expect(writeNetwork(smallResidualNetwork(), 'xml')).rejects.toThrow(
      `Expected a format to write (${writers.all.map(({ id }) => id).join(', ')}), found "xml"; choose one of these.`,
    );
  });
});
