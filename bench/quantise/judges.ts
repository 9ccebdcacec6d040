import * as tf from '@tensorflow/tfjs-core';
import type * as layers from '@tensorflow/tfjs-layers';
import { loadLiteRtProgram } from '../../cli/liteRtProgram';
import { openInOpenCv } from '../../scripts/openCv';
import { loadKeras } from '../../src/engine/testing/kerasFiles';
import { loadModel } from '../../src/engine/testing/tfLayers';
import { permute } from '../../src/formats/models/onnx/tensors';
import type { NamedFile } from '../../src/formats/file';
import { joined } from '../../src/linalg/joined';
import type { Shape } from '../../src/network/graph';
import { sizeOf } from '../../src/network/shapes';
import { startLiteRt, type LiteRtRuntime } from '../../workers/service/liteRt';
import { openOnnxSession } from '../../workers/service/onnxRuntime';

/** A file in a runtime that is not ours. */
export interface Judged {
  readonly runtime: string;
  /** @param values images as the network's input, one after the other @returns a row of scores per image */
  run(values: Float32Array, count: number): Promise<Float32Array>;
}

/** Started once. */
let liteRt: Promise<LiteRtRuntime> | undefined;

/** By format: opens its files in a runtime, on one thread. */
export const judges: Readonly<
  Record<string, (files: readonly NamedFile[], input: Shape) => Promise<Judged>>
> = {
  async onnx([file], input) {
    const session = await openOnnxSession(file!.bytes);
    const [height, width, channels] = input as [number, number, number];
    return {
      runtime: session.name,
      run: (values, count) =>
        session.prepare(permute(values, [count, ...input], [0, 3, 1, 2]), [count, channels, height, width])(),
    };
  },
  /** One image at a time, as files for phones are. */
  async tflite([file], input) {
    const runtime = await (liteRt ??= startLiteRt(loadLiteRtProgram));
    const session = await runtime.open(file!.bytes);
    const size = sizeOf(input);
    return {
      runtime: runtime.name,
      async run(values, count) {
        const answers: Float32Array[] = [];
        for (let image = 0; image < count; image++)
          answers.push(await session.run(values.slice(image * size, (image + 1) * size)));
        return joined(answers);
      },
    };
  },
  tfjs: async (files, input) => inTfjs(await loadModel(files), input),
  /** Keras itself runs on Python only; TF.js has its layers. */
  keras: async ([file], input) => inTfjs(await loadKeras(file!), input),
  h5: async ([file], input) => inTfjs(await loadKeras(file!), input),
  async caffe(files, input) {
    const net = await openInOpenCv(files);
    const size = sizeOf(input);
    return {
      runtime: net.runtime,
      run: (values, count) =>
        Promise.resolve(
          joined(
            Array.from({ length: count }, (_, image) =>
              net.run(values.slice(image * size, (image + 1) * size), input as [number, number, number]),
            ),
          ),
        ),
    };
  },
};

function inTfjs(model: layers.LayersModel, input: Shape): Judged {
  return {
    runtime: `TensorFlow.js ${tf.version_core}`,
    run: (values, count) => {
      const answers = tf.tidy(() => {
        const answer = model.predict(tf.tensor(values, [count, ...input]));
        return (Array.isArray(answer) ? answer[0]! : answer).dataSync();
      });
      return Promise.resolve(Float32Array.from(answers));
    },
  };
}
