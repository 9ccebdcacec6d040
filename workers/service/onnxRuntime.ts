import { channelsFirst } from '../../src/formats/models/onnx/context';
import { permute } from '../../src/formats/models/onnx/tensors';
import type { Shape } from '../../src/network/graph';

/** Images as a network's input: [count, height, width, channels] values. */
export interface InputBatch {
  readonly values: Float32Array;
  readonly count: number;
  /** Without the batch: height, width, channels, or the number of values alone. */
  readonly shape: Shape;
}

/** What ONNX Runtime makes of a file: its scores, or why there are none. */
export type RuntimeAnswer =
  | { readonly name: string; readonly scores: Float32Array }
  | { readonly name: string; readonly refusal: string };

/**
 * Runs an ONNX file with ONNX Runtime's WebAssembly build, a judge of written files that shares no code with the
 * studio. It is 14 MB large, so it is loaded when the first ONNX file has been written and not before. It runs on
 * the calling thread.
 *
 * @returns the scores of the network's first output, images × classes; never throws: whatever the runtime cannot
 * do, from lack of memory to an operator it does not know, is its refusal
 */
export async function runOnnxRuntime(file: Uint8Array, input: InputBatch): Promise<RuntimeAnswer> {
  let name = 'ONNX Runtime';
  try {
    // Loaded dynamically on purpose: a static import makes the runtime's own threads load this worker again.
    const { env, InferenceSession, Tensor } = await import('onnxruntime-web/wasm');
    name = `ONNX Runtime ${env.versions.web ?? env.versions.common}`;
    env.wasm.numThreads = 1;
    // Errors only: warnings would drown the console.
    const session = await InferenceSession.create(file, { logSeverityLevel: 3 });
    try {
      const [inputName = '', outputName = ''] = [session.inputNames[0], session.outputNames[0]];
      const dims = [input.count, ...channelsFirst(input.shape)];
      const feeds = { [inputName]: new Tensor('float32', channelsFirstValues(input), dims) };
      const results = await session.run(feeds, [outputName]);
      return { name, scores: Float32Array.from(results[outputName]!.data as Float32Array) };
    } finally {
      await session.release();
    }
  } catch (error) {
    return { name, refusal: error instanceof Error ? error.message : String(error) };
  }
}

/** The values in ONNX's order: batch, channels, height, width. */
function channelsFirstValues({ values, count, shape }: InputBatch): Float32Array {
  return shape.length === 3 ? permute(values, [count, ...shape], [0, 3, 1, 2]) : values;
}
