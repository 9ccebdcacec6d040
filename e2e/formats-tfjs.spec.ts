import type { Page } from '@playwright/test';
import { expect, test } from './test';
import type * as tfCore from '@tensorflow/tfjs-core';
import type * as tfLayers from '@tensorflow/tfjs-layers';
import { unzipSync } from 'fflate';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readNetwork } from '../src/formats/models';
import { seededNumbers } from '../src/network/testing/builders';
import { referenceScores } from '../src/network/testing/referenceExecutor';
import { dropPaths } from './dropping';
import { StudioPage } from './studioPage';
import { tinyNetwork, writeFile, writeOnnxFile } from './tinyFiles';

const bytesOf = (path: string) => new Uint8Array(readFileSync(path));
/** Plain TF.js as it is published: nothing of the studio is in it. */
const plainTfjs = [
  'tfjs-core/dist/tf-core.min.js',
  'tfjs-backend-cpu/dist/tf-backend-cpu.min.js',
  'tfjs-layers/dist/tf-layers.min.js',
].map((path) => new URL(`../node_modules/@tensorflow/${path}`, import.meta.url).pathname);

test('the smaller network is written in every format, and the page opens each again', async ({
  page,
}, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const studio = new StudioPage(page);
  await studio.open();
  await studio.chooseNetwork(await writeOnnxFile(info.outputDir, 'tiny.onnx', tinyNetwork()));
  await studio.waitForPlan('ENC-Map');
  await studio.dragTo(60);

  const onnx = join(info.outputDir, 'smaller.onnx');
  expect(await studio.download('ENC-Map', onnx)).toMatch(/^tiny-map-.*\.onnx$/);
  await expect(page.getByRole('status').filter({ hasText: 'Read back before it was offered' })).toContainText(
    /in ONNX Runtime \d[\d.]+ .+ on 8\./,
  );
  const tflite = join(info.outputDir, 'smaller-tflite.tflite');
  expect(await studio.downloadAs('ENC-Map', 'TensorFlow Lite', tflite)).toMatch(/^tiny-map-.*\.tflite$/);
  await expect(page.getByRole('status').filter({ hasText: 'Read back before it was offered' })).toContainText(
    /in LiteRT \d[\d.]+ .+ on 8\./,
  );
  const written: (readonly [name: string, path: string])[] = [['smaller-tflite', tflite]];
  for (const [title, ending] of [
    ['TensorFlow.js', 'zip'],
    ['Keras', 'keras'],
    ['Keras, HDF5', 'h5'],
  ] as const) {
    const name = `smaller-${ending}`;
    const path = join(info.outputDir, `${name}.${ending}`);
    expect(await studio.downloadAs('ENC-Map', title, path)).toMatch(new RegExp(`^tiny-map-.*\\.${ending}$`));
    await expect(
      page.getByRole('status').filter({ hasText: 'Read back before it was offered' }),
    ).toContainText(ending);
    written.push([name, path]);
  }

  const [, zip] = written[1]!;
  const small = await readNetwork([{ name: 'smaller.onnx', bytes: bytesOf(onnx) }]);
  const input = seededNumbers(4).values(64);
  const expected = [...referenceScores(small, input).data];
  const answers = await answersOfPlainTfjs(await page.context().newPage(), bytesOf(zip), input);
  expect(answers).toHaveLength(expected.length);
  expected.forEach((score, index) => expect(Math.abs(answers[index]! - score)).toBeLessThan(1e-4));

  for (const [name, path] of written) {
    await studio.chooseNetwork(path);
    await expect(studio.network).toContainText(name);
    await studio.waitForPlan('ENC-Map');
  }
  // The same LayersModel as a folder: model.json with its shards beside it.
  const web = join(info.outputDir, 'web');
  mkdirSync(web);
  for (const [name, bytes] of Object.entries(unzipSync(bytesOf(zip)))) writeFile(web, name, bytes);
  await dropPaths(page, [web]);
  await expect(studio.network).toContainText(/TensorFlow\.js|TF\.js/);
  await studio.waitForPlan('ENC-Map');
});

/** Answered by the test itself. */
const plainPage = 'http://localhost/';

/** Serves an unpacked LayersModel to a page that holds plain TF.js, loads it there by address and runs it. */
async function answersOfPlainTfjs(page: Page, zip: Uint8Array, input: Float32Array): Promise<number[]> {
  const files = unzipSync(zip);
  await page.route(`${plainPage}**`, (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    const bytes = files[name];
    if (name === '') return route.fulfill({ contentType: 'text/html', body: '<title>plain TF.js</title>' });
    return bytes ? route.fulfill({ body: Buffer.from(bytes) }) : route.fulfill({ status: 404 });
  });
  await page.goto(plainPage);
  for (const path of plainTfjs) await page.addScriptTag({ content: readFileSync(path, 'utf8') });
  return page.evaluate(
    async (values) => {
      const { tf } = globalThis as unknown as { tf: typeof tfLayers & typeof tfCore };
      const model = await tf.loadLayersModel('model.json');
      const answer = model.predict(tf.tensor(values, [1, 8, 8, 1])) as { data(): Promise<Float32Array> };
      return [...(await answer.data())];
    },
    [...input],
  );
}
