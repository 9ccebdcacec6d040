import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadLiteRtProgram } from '../../../../cli/liteRtProgram';
import { referencePath } from '../../../../scripts/reference';
import { scoresIn, startLiteRt, type LiteRtRuntime } from '../../../../workers/service/liteRt';
import { noiseImages } from '../../../../workers/service/noiseImages';
import { createExecutor } from '../../../engine/executor';
import { evaluate } from '../../../engine/evaluate';
import { preprocess } from '../../../engine/preprocess';
import { startNodeBackend } from '../../../engine/testing/nodeBackend';
import { filesOfModel } from '../../../engine/testing/tfLayers';
import { FailureError } from '../../../network/failure';
import type { Network } from '../../../network/graph';
import { sizeOf } from '../../../network/shapes';
import { referenceScores } from '../../../network/testing/referenceExecutor';
import { fixtureInput } from '../../testing/fixtures';
import { largestDifference } from '../../testing/layout';
import { writerCases } from '../../testing/writerCases';
import { readNetwork } from '..';
import { teachableMachine } from '../../../engine/testing/teachableMachine';
import { writeTflite } from './write';

let liteRt: LiteRtRuntime;
beforeAll(async () => {
  liteRt = await startLiteRt(loadLiteRtProgram);
});
afterAll(() => liteRt.stop());

/** Writes a network; LiteRT must answer what a plain loop does, and so must what is read again. */
async function expectAgreement(network: Network): Promise<void> {
  const { shape } = network.input;
  const values = fixtureInput(sizeOf(shape));
  const expected = referenceScores(network, values).data;
  const largest = Math.max(1, ...Array.from(expected, Math.abs));
  const file = writeTflite(network);
  const answers = await scoresIn(liteRt, file, { values, count: 1, shape });
  expect(largestDifference(answers, expected)).toBeLessThan(1e-5 * largest);
  const again = await readNetwork([{ name: 'again.tflite', bytes: file }]);
  expect(largestDifference(referenceScores(again, values).data, expected)).toBeLessThan(1e-5 * largest);
}

describe('files of TensorFlow Lite, run by LiteRT', () => {
  it('answer what a plain loop does, for every way in which operators are written', async () => {
    for (const [name, network] of writerCases)
      await expectAgreement(network).catch((error: unknown) => {
        throw new Error(name, { cause: error });
      });
  });

  it('do so for random networks, unless one has an error function', async () => {
    const archive = unzipSync(readFileSync(new URL('../onnx/generated/networks.zip', import.meta.url)));
    const names = Object.keys(archive).filter((name) => !name.includes('.twin.'));
    const refused: string[] = [];
    for (const name of names) {
      const network = await readNetwork([{ name, bytes: archive[name]! }]);
      try {
        await expectAgreement(network);
      } catch (error) {
        if (!(error instanceof FailureError)) throw new Error(name, { cause: error });
        refused.push(error.message.replace(/"\w+"/, 'X'));
      }
    }
    expect([...new Set(refused)]).toEqual([
      'Layer X cannot be written for TensorFlow Lite: the format has no error function; choose ONNX.',
    ]);
    expect(refused.length).toBeLessThan(names.length / 5);
  });
});

/** Networks as they come, by what they are; null where the reference collection is missing. */
const trained: readonly (readonly [string, string | null])[] = [
  ['ResNet-56', referencePath('res56/res56.onnx')],
  ['mnist_mobile, which is depthwise', referencePath('models/mnist_mobile.onnx')],
  ['mnist_vgg', referencePath('models/mnist_vgg.onnx')],
  ['the sample vgg', sample('vgg')],
  ['the sample residual', sample('residual')],
];

function sample(name: string): string {
  return fileURLToPath(new URL(`../../../../public/samples/${name}.onnx`, import.meta.url));
}

/** The largest difference of scores between LiteRT and the studio's engine on noise. */
async function differenceFromEngine(network: Network): Promise<number> {
  const { shape } = network.input;
  const { images, indices, preprocessing } = noiseImages(shape, 4);
  const executor = createExecutor(network);
  const { scores } = await evaluate(executor, images, preprocessing);
  executor.dispose();
  const values = preprocess(images, indices, preprocessing);
  const found = await scoresIn(liteRt, writeTflite(network), { values, count: indices.length, shape });
  return largestDifference(found, scores);
}

describe('trained networks in LiteRT answer within 1e-4 of the studio’s engine', () => {
  beforeAll(() => startNodeBackend('wasm'));

  it.for(trained)('%s', async ([name, path], { skip }) => {
    skip(path === null, `${name} is missing`);
    const network = await readNetwork([{ name: path!, bytes: new Uint8Array(readFileSync(path!)) }]);
    expect(await differenceFromEngine(network)).toBeLessThan(1e-4);
  });

  it('a network as Teachable Machine writes it', async () => {
    const network = await readNetwork(await filesOfModel(teachableMachine()));
    await startNodeBackend('wasm');
    expect(await differenceFromEngine(network)).toBeLessThan(1e-4);
  });
});
