import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answersOf, layers, loadModel } from '../../src/engine/testing/tfLayers';
import { ofToday } from '../ofToday';
import { architectures } from '.';
import type { Architecture, FileOptions } from './architecture';
import {
  engineAnswers,
  filesAt,
  formats,
  halved,
  inspected,
  noise,
  relativeDifference,
  runtimeDifference,
  written,
} from './checks';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'architectures-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** By how much channels are divided where the whole network would take long; `check.ts` takes all as published. */
const slimmers: Readonly<Record<string, number>> = {
  'mobilenet-v3-small': 1,
  'shufflenet-v2': 1,
  'efficientnet-b0': 2,
};

/** The same graph on small images, and slimmer. */
function small({ id, size }: Architecture): FileOptions {
  // Inception does not pad its first convolutions.
  return { size: size === 299 ? 75 : 64, slimmer: slimmers[id] ?? 4 };
}

const cases = architectures.flatMap((architecture) =>
  formats.map((format) => ({ title: `${architecture.title} in ${format}`, architecture, format })),
);

describe.each(ofToday(cases, 3))('$title', ({ architecture, format }) => {
  it('is inspected without a layer that cannot be computed, and costs what is published', async () => {
    const options = { size: architecture.size, slimmer: 1 };
    const { published } = architecture[format];
    const { unsupported, macs, parameters } = await inspected(
      await written(folder, architecture, format, options),
    );
    expect(unsupported).toEqual([]);
    expect(Math.abs(macs / published.macs - 1), published.macsSource).toBeLessThan(0.01);
    // Keras leaves scales of 1 out and counts no numbers of preprocessing.
    expect(Math.abs(parameters / published.parameters - 1), published.parametersSource).toBeLessThan(1e-3);
  });
});

// What is read of a Keras file is the same graph; check.ts cuts both forms of all of them, at full size.
describe.each(ofToday(architectures, 3))('$title', (architecture) => {
  it('is cut to half of its MACs, and ONNX Runtime answers as the studio does', async () => {
    const options = small(architecture);
    const path = await written(folder, architecture, 'onnx', options);
    expect(await runtimeDifference(path, options.size)).toBeLessThan(1e-4);
    const out = join(folder, `${architecture.id}-half.onnx`);
    const { achieved } = await halved(path, out);
    expect(Math.abs(achieved - 0.5)).toBeLessThan(0.01);
    expect(await runtimeDifference(out, options.size)).toBeLessThan(1e-4);
  });
});

const forTfjs = architectures.filter(({ keras }) => keras.isForTfjs);

describe.each(ofToday(forTfjs, 3))('$title in Keras', (architecture) => {
  it('answers as plain TF.js does, and TF.js reads what it is cut to', async () => {
    const options = small(architecture);
    const shape = [1, options.size, options.size, 3];
    const image = noise(options.size);
    const { graph, output } = architecture.keras.model(options);
    const model = await layers.loadLayersModel({ load: () => Promise.resolve(graph.tfjsModel(output)) });
    const path = await written(folder, architecture, 'keras', options);
    const answers = await engineAnswers(await filesAt(path), image);
    expect(relativeDifference(answers, await answersOf(model, image, shape))).toBeLessThan(1e-4);

    const out = join(folder, `${architecture.id}-half`);
    await halved(path, out);
    const files = await filesAt(out);
    const cut = await loadModel(files);
    const cutAnswers = await engineAnswers(files, image);
    expect(relativeDifference(cutAnswers, await answersOf(cut, image, shape))).toBeLessThan(1e-4);
  });
});
