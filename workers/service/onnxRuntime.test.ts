import { describe, expect, it } from 'vitest';
import { writeNetwork } from '../../src/formats/models';
import {
  activation,
  chainOf,
  evenPadding,
  randomConvolution,
  randomDense,
  seededNumbers,
  square,
} from '../../src/network/testing/builders';
import { referenceScores } from '../../src/network/testing/referenceExecutor';
import { runOnnxRuntime } from './onnxRuntime';

const numbers = seededNumbers(7);
/** Higher than wide and with three channels, so that no two axes can be taken for each other. */
const network = chainOf(
  [6, 4, 3],
  [
    randomConvolution(numbers, { kernel: square(3), padding: evenPadding(1), inputs: 3, outputs: 5 }),
    activation('relu'),
    { kind: 'flatten', order: 'chw' },
    randomDense(numbers, 120, 4),
  ],
);
const perImage = 6 * 4 * 3;
const input = { values: numbers.values(2 * perImage), count: 2, shape: network.input.shape };

/** The written file with the name of its activation replaced by one of the same length. */
async function fileWith(operator: string, batch: string | number = 'N'): Promise<Uint8Array> {
  const [file] = await writeNetwork({ ...network, source: { ...network.source, batch } }, 'onnx');
  const text = Buffer.from(file!.bytes).toString('latin1');
  expect(text).toContain('Relu');
  return new Uint8Array(Buffer.from(text.replaceAll('Relu', operator), 'latin1'));
}

describe('ONNX Runtime as a judge of written files', () => {
  it.each([
    ['dynamic', 'N'],
    ['of 1', 1],
    ['of 3', 3],
  ])('answers what a plain loop answers, for every image, from a batch %s', async (_, batch) => {
    const answer = await runOnnxRuntime(await fileWith('Relu', batch), input);
    expect(answer.name).toMatch(/^ONNX Runtime \d/);
    const expected = [0, 1].flatMap((image) => [
      ...referenceScores(network, input.values.subarray(image * perImage, (image + 1) * perImage)).data,
    ]);
    const scores = 'scores' in answer ? [...answer.scores] : [];
    expect(scores).toHaveLength(expected.length);
    expected.forEach((score, index) => expect(Math.abs(scores[index]! - score)).toBeLessThan(1e-4));
  });

  it('is fed images channels last where the file wants them so', async () => {
    const source = { format: 'onnx', batch: 'N', inputAxes: [0, 1, 2] };
    const [file] = await writeNetwork({ ...network, source }, 'onnx');
    const usual = await runOnnxRuntime(await fileWith('Relu'), input);
    expect(await runOnnxRuntime(file!.bytes, { ...input, axes: [0, 1, 2] })).toEqual(usual);
    expect(await runOnnxRuntime(file!.bytes, input)).toHaveProperty('refusal');
  });

  it('says which operator it does not know, and works again afterwards', async () => {
    const refused = await runOnnxRuntime(await fileWith('Rexu'), input);
    expect(refused).toMatchObject({ refusal: expect.stringContaining('Rexu') });
    expect(await runOnnxRuntime(await fileWith('Relu'), input)).toHaveProperty('scores');
  });

  it('refuses a file that is cut short', async () => {
    const bytes = await fileWith('Relu');
    const cut = await runOnnxRuntime(bytes.slice(0, bytes.length / 2), input);
    expect(cut).toHaveProperty('refusal');
  });
});
