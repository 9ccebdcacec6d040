import { usualAxes } from '../../src/formats/models/onnx/axes';
import { permute } from '../../src/formats/models/onnx/tensors';
import { joined } from '../../src/linalg/joined';
import type { Shape } from '../../src/network/graph';

/** Images as a network's input: [count, height, width, channels] values. */
export interface InputBatch {
  readonly values: Float32Array;
  readonly count: number;
  /** Without the batch: height, width, channels, or the number of values alone. */
  readonly shape: Shape;
  /** Per axis of the file's input, batch left out, the axis of `shape`; as images are written unless given. */
  readonly axes?: readonly number[];
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
 * A file that fixes its batch is fed as many images at a time.
 *
 * @param output which of the network's outputs is wanted
 * @returns its numbers, images × scores; never throws: whatever the runtime cannot do, from lack of memory to an
 * operator it does not know, is its refusal
 */
export async function runOnnxRuntime(
  file: Uint8Array,
  input: InputBatch,
  output = 0,
): Promise<RuntimeAnswer> {
  let name = 'ONNX Runtime';
  try {
    // Loaded dynamically on purpose: a static import makes the runtime's own threads load this worker again.
    const { env, InferenceSession, Tensor } = await import('onnxruntime-web/wasm');
    name = `ONNX Runtime ${env.versions.web ?? env.versions.common}`;
    env.wasm.numThreads = 1;
    // Errors only: warnings would drown the console.
    const session = await InferenceSession.create(file, { logSeverityLevel: 3 });
    try {
      const [inputName = '', outputName = ''] = [session.inputNames[0], session.outputNames[output]];
      const [declared] = session.inputMetadata;
      const batch = declared?.isTensor ? declared.shape[0] : undefined;
      const scores: Float32Array[] = [];
      for (const { values, count, fed } of batchesOf(
        input,
        typeof batch === 'number' ? batch : input.count,
      )) {
        const dims = [fed, ...axesOf(input).map((axis) => input.shape[axis]!)];
        const feeds = { [inputName]: new Tensor('float32', values, dims) };
        const { [outputName]: answer } = await session.run(feeds, [outputName]);
        const data = answer!.data as Float32Array;
        scores.push(data.slice(0, (data.length / fed) * count));
      }
      return { name, scores: joined(scores) };
    } finally {
      await session.release();
    }
  } catch (error) {
    return { name, refusal: error instanceof Error ? error.message : String(error) };
  }
}

/** Some of the images in ONNX's order; behind them zeros where the batch is larger. */
interface FedBatch {
  readonly values: Float32Array;
  /** Images. */
  readonly count: number;
  /** Images and the zeros behind them. */
  readonly fed: number;
}

function* batchesOf(input: InputBatch, size: number): Generator<FedBatch> {
  const values = valuesInOrder(input);
  const each = values.length / input.count;
  for (let from = 0; from < input.count; from += size) {
    const count = Math.min(size, input.count - from);
    const fed = new Float32Array(size * each);
    fed.set(values.subarray(from * each, (from + count) * each));
    yield { values: fed, count, fed: size };
  }
}

function axesOf({ axes, shape }: InputBatch): readonly number[] {
  return axes ?? usualAxes(shape.length);
}

/** The values in the order of the file's input. */
function valuesInOrder(input: InputBatch): Float32Array {
  const { values, count, shape } = input;
  const axes = axesOf(input);
  const isInOrder = axes.every((axis, index) => axis === index);
  return isInOrder ? values : permute(values, [count, ...shape], [0, ...axes.map((axis) => axis + 1)]);
}
