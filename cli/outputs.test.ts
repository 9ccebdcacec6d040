import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelInput } from '../src/formats/models/onnx/schema';
import { floats, integer, modelBytes, node, valueInfo } from '../src/formats/models/onnx/testing/building';
import type { Assumption } from '../src/project/assumptions';
import {
  networkOf,
  nodeOf,
  randomConvolution,
  randomDense,
  seededNumbers,
  square,
  evenPadding,
  activation,
} from '../src/network/testing/builders';
import { greyPictures, writtenNetwork } from './testFiles';
import { encHere, runEnc } from './testing';

const folder = mkdtempSync(join(tmpdir(), 'enc-outputs-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Inspected {
  readonly outputs: readonly { name: string; shape: number[]; role: string; isScores: boolean }[];
}
interface Evaluated {
  readonly top1: number;
  readonly recipe: string;
  readonly assumptions: readonly (Assumption & { readonly id: string })[];
}

/** Features first, as networks that are made for more than classes give them; the logits say the brighter half. */
function features() {
  const numbers = seededNumbers(4);
  const same = { kernel: square(3), padding: evenPadding(1) };
  const sum = randomDense(numbers, 8, 2);
  return networkOf(
    [8, 8, 3],
    [
      nodeOf('first', ['image'], randomConvolution(numbers, { ...same, inputs: 3, outputs: 8 })),
      nodeOf('relu', ['first:0'], activation('relu')),
      nodeOf('second', ['relu:0'], randomConvolution(numbers, { ...same, inputs: 8, outputs: 8 })),
      nodeOf('pool', ['second:0'], { kind: 'globalPool', reduce: 'average', keepDimensions: false }),
      nodeOf('logits', ['pool:0'], sum),
    ],
    ['second:0', 'pool:0', 'logits:0'],
  );
}

describe('a network with several outputs', () => {
  let model: string;
  let pictures: string;
  beforeAll(async () => {
    model = await writtenNetwork(join(folder, 'features.onnx'), features());
    pictures = await greyPictures(join(folder, 'pictures'), 8, { a: [0, 255], b: [100, 128] });
  });

  it('lists them, the class scores marked', async () => {
    const { outputs } = await encHere<Inspected>('inspect', model);
    expect(outputs.map(({ name, shape, role, isScores }) => [name, shape, role, isScores])).toEqual([
      ['second:0', [8, 8, 8], 'map', false],
      ['pool:0', [8], 'vector', false],
      ['logits:0', [2], 'scores', true],
    ]);
    const { stdout } = await runEnc('inspect', model, '--output', 'pool:0');
    expect(stdout).toMatch(/pool:0 +8 +a vector +class scores/);
  });

  it('takes what can be class scores, says so, and lets another be chosen', async () => {
    const own = await encHere<Evaluated>('evaluate', model, '--data', pictures);
    const assumption = own.assumptions.find(({ id }) => id === 'output');
    expect(assumption).toMatchObject({
      value: 'logits:0, 2: scores of a layer',
      because: 'it looks most like class scores',
      alternatives: ['--output second:0', '--output pool:0'],
    });
    const other = await encHere<Evaluated>(
      'evaluate',
      model,
      '--data',
      join(pictures, 'a'),
      '--output',
      'pool:0',
    );
    expect(other.assumptions.find(({ id }) => id === 'output')).toMatchObject({ because: 'it was chosen' });
    expect(other.recipe).not.toBe(own.recipe);
  });

  it('is written with all of them, whichever holds the scores', async () => {
    for (const [name, output] of [
      ['small.onnx', 'logits:0'],
      ['pool.onnx', 'pool:0'],
      ['small.keras', 'pool:0'],
    ] as const) {
      const out = join(folder, name);
      const asked = ['--target', '0.6', '--include', 'first', '--output', output, '--out', out];
      const { comparison } = await encHere<{ comparison: { runtime: object | null } }>(
        'compress',
        model,
        ...asked,
      );
      if (name.endsWith('.onnx')) expect(comparison.runtime).toMatchObject({ images: 8 });
      const { outputs } = await encHere<Inspected>('inspect', out);
      expect(outputs).toHaveLength(3);
    }
  });

  it('refuses what is no output, and what can be no class scores', async () => {
    const refused = (output: string) => encHere('evaluate', model, '--data', pictures, '--output', output);
    await expect(refused('nowhere')).rejects.toThrow(
      'Expected an output of the network ("second:0", "pool:0", "logits:0"), found "nowhere"; choose one of these.',
    );
    await expect(refused('second:0')).rejects.toThrow(
      /output "second:0": expected one score for each class, found a shape of 8×8×8; take another output \("pool:0", "logits:0"\)/,
    );
  });
});

describe('an output that cannot be computed', () => {
  const nodes = [
    node('GlobalAveragePool', ['x'], [], ['pooled']),
    node('Flatten', ['pooled'], [], ['flat']),
    node('Gemm', ['flat', 'w'], [], ['y']),
    node('ArgMax', ['y'], [integer('axis', 1)], ['label']),
    node('Cast', ['label'], [integer('to', 1)], ['number']),
  ];
  const written = (file: string, outputs: readonly string[]) => {
    const path = join(folder, file);
    const initializers = [floats('w', [3, 2])];
    const change = (model: ModelInput): ModelInput => ({
      ...model,
      graph: { ...model.graph!, outputs: outputs.map((name) => valueInfo(name, ['n'])) },
    });
    writeFileSync(path, modelBytes({ nodes, initializers, input: ['n', 3, 8, 8], change }));
    return path;
  };

  it('beside the scores is left out, which is said, and not written', async () => {
    const pictures = await greyPictures(join(folder, 'greys'), 8, { a: [0, 255], b: [100, 128] });
    const model = written('labelled.onnx', ['number', 'y', 'label']);
    const { assumptions } = await encHere<Evaluated>('evaluate', model, '--data', pictures);
    expect(assumptions.find(({ id }) => id === 'outputs-left-out')).toMatchObject({
      value: 'number, label',
      because: expect.stringMatching(
        /^Node ".*" \(ArgMax\) is not supported: .*\. Written files do not have it either$/,
      ) as unknown,
    });
    const out = join(folder, 'scores.onnx');
    await encHere('compress', model, '--target', '1', '--out', out);
    const { outputs } = await encHere<Inspected>('inspect', out);
    expect(outputs.map(({ name }) => name)).toEqual(['y']);
  });

  it('is refused where it is the only one, or the one that was asked for', async () => {
    await expect(
      encHere('compress', written('label.onnx', ['label']), '--target', '1', '--out', 'x.onnx'),
    ).rejects.toThrow(/\(ArgMax\) is not supported/);
    await expect(
      encHere(
        'compress',
        written('both.onnx', ['y', 'label']),
        '--output',
        'label',
        '--target',
        '1',
        '--out',
        'x.onnx',
      ),
    ).rejects.toThrow(/\(ArgMax\) is not supported/);
  });
});

describe('--input-size', () => {
  it('is refused where the file fixes another size, and where it is none', async () => {
    const model = await writtenNetwork(join(folder, 'fixed.onnx'), features());
    await expect(encHere('inspect', model, '--input-size', '16x16')).rejects.toThrow(
      'expected the size that the file fixes, 8×8×3, found 16x16',
    );
    await expect(encHere('inspect', model, '--input-size', 'large')).rejects.toThrow(
      '--input-size: expected height and width of the images, such as 224x224,',
    );
  });
});
