import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referencePath } from '../scripts/reference';
import type { Assumption } from '../src/project/assumptions';
import type { GraphNode, Network, Operator } from '../src/network/graph';
import { networkOf, nodeOf } from '../src/network/testing/builders';
import { greyPictures, writtenNetwork } from './testFiles';
import { encHere, runEnc } from './testing';

const folder = mkdtempSync(join(tmpdir(), 'enc-inside-'));
afterAll(() => rmSync(folder, { recursive: true }));

const cases = 'cases/preprocessing-inside';
const pictures = referencePath(`${cases}/pictures`);
const files = ['rescaling.keras', 'scales-itself.onnx'].map((name) => referencePath(`${cases}/${name}`));

interface Evaluated {
  readonly top1: number;
  readonly assumptions: readonly (Assumption & { readonly id: string })[];
}

const evaluated = (...args: string[]) => encHere<Evaluated>('evaluate', ...args);
const preprocessingOf = ({ assumptions }: Evaluated) => assumptions.find(({ id }) => id === 'preprocessing')!;

describe.skipIf(!pictures)(
  'networks that scale their input themselves (skipped without ../shared/reference)',
  () => {
    it.each(files)('%s is given pixels as they are', async (file) => {
      const answer = await evaluated(file!, '--data', pictures!);
      expect(answer.top1).toBe(1);
      expect(preprocessingOf(answer)).toMatchObject({
        value: 'grey, Raw',
        because: 'what the network expects, 0 to 255; then the network itself makes x · 0.003922 of x',
      });
    });

    it('is doubted where a person says otherwise', async () => {
      const asked = ['evaluate', files[0]!, '--data', pictures!, '--preprocess', 'zero-to-one'];
      const { stdout, stderr } = await runEnc(...asked);
      expect(stderr).toMatch(
        /With grey, 0 to 1 the network answers 8\.3.% of 12 images right, no better than chance; with grey, Raw 100\.0.% of 12 images\. Say --preprocess raw --channels grey, or --preprocess detect\./,
      );
      expect(stdout).toMatch(/Preprocessing .*or --preprocess raw\|detect/);
    });

    it('is doubted by the process that begins a shared sweep, and by no other', async () => {
      const out = join(folder, 'results');
      const asked = ['sweep', files[0]!, '--data', pictures!, '--preprocess', 'zero-to-one', '--ranks', '2'];
      const said: string[] = [];
      for (const shard of ['1/2', '2/2']) {
        const { stderr } = await runEnc(...asked, '--exhaustive', '--shard', shard, '--out', out);
        said.push(stderr);
      }
      expect(said[0]).toContain('no better than chance');
      expect(said[1]).not.toContain('no better than chance');
    });
  },
);

/**
 * Five classes by brightness, of a network that reads values from 0 to 1 after these steps: the scores of class k are
 * 2 k v − k² with v from 0 to 4.
 */
function brightness(...steps: readonly (readonly ['add' | 'multiply', number])[]): Network {
  const nodes: GraphNode[] = [];
  let value = 'image';
  const then = (name: string, inputs: readonly string[], operator: Operator) => {
    nodes.push(nodeOf(name, inputs, operator));
    value = `${name}:0`;
  };
  steps.forEach(([kind, by], index) => {
    const constant: Operator = { kind: 'constant', value: { shape: [1], data: Float32Array.of(by) } };
    nodes.push(nodeOf(`by${index}`, [], constant));
    then(`step${index}`, [value, `by${index}:0`], { kind });
  });
  then('pool', [value], { kind: 'globalPool', reduce: 'average', keepDimensions: false });
  const weights = Float32Array.from({ length: 15 }, (_, index) => (2 * (index % 5) * 4) / 3);
  const bias = Float32Array.from([0, 1, 2, 3, 4], (k) => -k * k);
  then('classes', [value], { kind: 'dense', weights: { shape: [3, 5], data: weights }, bias });
  return networkOf([8, 8, 3], nodes);
}

describe('other scalings inside', () => {
  let data: string;
  beforeAll(async () => {
    data = await greyPictures(join(folder, 'pictures'), 8, {
      class0: [0, 20, 8],
      class1: [64, 70, 58],
      class2: [128, 120, 135],
      class3: [191, 185, 200],
      class4: [255, 240, 250],
    });
  });

  it.each([
    ['pixels', brightness(['multiply', 1 / 255]), 'RGB, Raw', true],
    [
      'pixels less a mean',
      brightness(['add', -127.5], ['multiply', 1 / 255], ['add', 0.5]),
      'RGB, Raw',
      true,
    ],
    ['−1 to 1', brightness(['add', 1], ['multiply', 0.5]), 'RGB, −1 to 1', true],
    ['0 to 1', brightness(['multiply', 2], ['add', -1]), 'RGB, 0 to 1', false],
  ])('of %s are given what they expect', async (name, network, value, isRight) => {
    const path = join(folder, `${name.replace(/\W/g, '')}.onnx`);
    const answer = await evaluated(await writtenNetwork(path, network), '--data', data);
    expect(preprocessingOf(answer).value).toBe(value);
    if (isRight) expect(answer.top1).toBe(1);
  });

  it('are told by inspect', async () => {
    const model = await writtenNetwork(join(folder, 'told.onnx'), brightness(['multiply', 1 / 255]));
    const { stdout } = await runEnc('inspect', model);
    expect(stdout).toContain(
      'The network scales its input x itself, x · 0.003922 (step0): it expects 0 to 255.',
    );
  });
});
