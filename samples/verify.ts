import { InferenceSession, Tensor, env } from 'onnxruntime-web/wasm';
import { RECORD_BYTES, labelsOf } from './layout';
import { IMAGE_CHANNELS, IMAGE_SIDE, NORMALISATION, PIXELS_PER_IMAGE } from './task';

const BATCH = 60;

/**
 * Runs an ONNX file on all images of a set by another runtime than the one that trained it.
 * @param network the ONNX file's bytes
 * @param records images in CIFAR-10's layout, not packed
 * @returns the label that the network gives to each image
 */
export async function classify(network: Uint8Array, records: Uint8Array): Promise<number[]> {
  env.wasm.numThreads = 1;
  const session = await InferenceSession.create(network);
  const count = records.length / RECORD_BYTES;
  const answers: number[] = [];
  for (let first = 0; first < count; first += BATCH) {
    const size = Math.min(BATCH, count - first);
    const input = new Tensor('float32', inputs(records, first, size), [
      size,
      IMAGE_CHANNELS,
      IMAGE_SIDE,
      IMAGE_SIDE,
    ]);
    const { logits } = await session.run({ image: input });
    if (!(logits?.data instanceof Float32Array))
      throw new Error('classify: expected an output "logits" of float32');
    answers.push(...greatestPerRow(logits.data, size));
  }
  await session.release();
  return answers;
}

/** Number of images to which the network gives their own label. */
export async function countCorrect(network: Uint8Array, records: Uint8Array): Promise<number> {
  const answers = await classify(network, records);
  return labelsOf(records).filter((label, image) => label === answers[image]).length;
}

function inputs(records: Uint8Array, first: number, size: number): Float32Array {
  const values = new Float32Array(size * PIXELS_PER_IMAGE);
  const plane = IMAGE_SIDE * IMAGE_SIDE;
  for (let image = 0; image < size; image++) {
    const start = (first + image) * RECORD_BYTES + 1;
    for (let pixel = 0; pixel < PIXELS_PER_IMAGE; pixel++) {
      const mean = NORMALISATION.mean[Math.floor(pixel / plane)] ?? 0;
      values[image * PIXELS_PER_IMAGE + pixel] = ((records[start + pixel] ?? 0) - mean) * NORMALISATION.scale;
    }
  }
  return values;
}

function greatestPerRow(logits: Float32Array, rows: number): number[] {
  const classes = logits.length / rows;
  return Array.from({ length: rows }, (_, row) => {
    const values = logits.subarray(row * classes, (row + 1) * classes);
    return values.indexOf(Math.max(...values));
  });
}
