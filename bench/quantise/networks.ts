import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFiles } from '../../cli/inputs';
import { encJson } from '../../cli/testing';
import { referencePath } from '../../scripts/reference';
import { classScores, type Scores } from '../../src/answers/scores';
import { topClass } from '../../src/answers/topClasses';
import type { Storage } from '../../src/compression/steps/quantise';
import { evaluate } from '../../src/engine/evaluate';
import { createExecutor } from '../../src/engine/executor';
import { preprocess } from '../../src/engine/preprocess';
import { readImages } from '../../src/formats/datasets';
import { readNetwork } from '../../src/formats/models';
import type { Network } from '../../src/network/graph';
import type { ImageSet, Preprocessing } from '../../src/network/images';
import { applyPatch } from '../../src/network/patch';
import { quantiseNetwork } from '../../src/quantise/quantiseNetwork';
import type { Judged } from './judges';

export const preprocessing: Preprocessing = { channels: 'rgb', mean: [128], scale: [1 / 128] };
/** Of training images: for repair, roundings and ranges. */
export const calibrationImages = 1000;

/** ResNet-56 as it is. */
export async function original(): Promise<Network> {
  return readNetwork(await readFiles([referencePath('res56/res56.onnx')!], 'network'));
}

/** ResNet-56 cut to a share of its MACs by ENC-Map and energy, and repaired. */
export async function repairedAt(target: number): Promise<Network> {
  const folder = mkdtempSync(join(tmpdir(), 'enc-quantise-'));
  try {
    const out = join(folder, 'repaired.onnx');
    const pixels = ['--mean', '128,128,128', '--scale', '0.0078125'];
    const calibration = ['--calibration', referencePath('cifar10/train_2000.bin')!];
    await encJson(
      ...['compress', referencePath('res56/res56.onnx')!, '--target', String(target), '--method', 'map'],
      ...['--out', out, '--repair', ...calibration, '--calibration-images', String(calibrationImages)],
      ...pixels,
    );
    return await readNetwork(await readFiles([out], 'network'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function imagesAt(name: string): Promise<ImageSet> {
  return readImages(await readFiles([referencePath(name)!], 'validation'));
}

/** A network in fewer bits, and what was chosen on the way. */
export async function stored(plain: Network, storage: Storage, calibration: ImageSet) {
  const indices = Uint32Array.from({ length: calibrationImages }, (_, index) => index);
  const { patch, report } = await quantiseNetwork({
    ...{ network: plain, ...storage, seed: 0, pause: () => undefined },
    calibration: { images: calibration, preprocessing, indices },
  });
  return { network: applyPatch(plain, patch), report };
}

export async function answersHere(network: Network, images: ImageSet): Promise<Scores> {
  const executor = createExecutor(network);
  const scores = await evaluate(executor, images, preprocessing);
  executor.dispose();
  return scores;
}

export async function answersThere({ run }: Judged, network: Network, images: ImageSet): Promise<Scores> {
  const parts: number[] = [];
  const size = 50;
  for (let from = 0; from < images.count; from += size) {
    const indices = Uint32Array.from({ length: size }, (_, index) => from + index);
    for (const score of await run(preprocess(images, indices, preprocessing), size)) parts.push(score);
  }
  return classScores(network, Float32Array.from(parts), images.count);
}

export function rightOf(scores: Scores, labels: ArrayLike<number>): number {
  return topClass(scores).reduce((sum, top, image) => sum + Number(top === labels[image]), 0);
}

export function share(right: number, images: number): string {
  return `${((100 * right) / images).toFixed(1)} %`;
}
