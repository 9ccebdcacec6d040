import { usualAxes } from '../../src/formats/models/onnx/axes';
import { permute } from '../../src/formats/models/onnx/tensors';
import { joined } from '../../src/linalg/joined';
import { FailureError } from '../../src/network/failure';
import { loadPart, partMissing } from '../../src/network/parts';
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

/** An ONNX file in ONNX Runtime. */
export interface OnnxSession {
  /** With its version. */
  readonly name: string;
  /** Images that it takes at a time; null where that is open. */
  readonly batch: number | null;
  /**
   * Makes an input of the file's for several runs.
   *
   * @param dims the batch in front
   * @returns runs it and answers the numbers of the wanted output
   */
  prepare(values: Float32Array, dims: readonly number[]): () => Promise<Float32Array>;
  release(): Promise<void>;
}

/**
 * Opens an ONNX file in ONNX Runtime's WebAssembly build, which shares no code with the studio. It is 14 MB large, so
 * it is loaded when the first ONNX file is to be run and not before. It runs on the calling thread.
 *
 * @param output which of the network's outputs is wanted
 * @throws whatever the runtime throws, from lack of memory to an operator it does not know
 */
export async function openOnnxSession(file: Uint8Array, output = 0): Promise<OnnxSession> {
  // Loaded dynamically on purpose: a static import makes the runtime's own threads load this worker again.
  const { env, InferenceSession, Tensor } = await loadRuntime();
  env.wasm.numThreads = 1;
  // Errors only: warnings would drown the console.
  const session = await InferenceSession.create(file, { logSeverityLevel: 3 }).catch(missingAsSentence);
  const [inputName = '', outputName = ''] = [session.inputNames[0], session.outputNames[output]];
  const [declared] = session.inputMetadata;
  const batch = declared?.isTensor ? declared.shape[0] : undefined;
  return {
    name: runtimeName(env.versions),
    batch: typeof batch === 'number' ? batch : null,
    prepare(values, dims) {
      const feeds = { [inputName]: new Tensor('float32', values, dims) };
      return async () => {
        const { [outputName]: answer } = await session.run(feeds, [outputName]);
        return answer!.data as Float32Array;
      };
    },
    release: () => session.release(),
  };
}

const part = 'ONNX Runtime, which judges what is written';

const loadRuntime = () => loadPart(part, () => import('onnxruntime-web/wasm'));

/** The runtime fetches its WebAssembly when the first session is made. */
function missingAsSentence(error: unknown): never {
  const text = error instanceof Error ? error.message : String(error);
  throw /no available backend found.*(fetch|wasm)/is.test(text) ? partMissing(part, text) : error;
}

function runtimeName({ web, common }: { readonly web?: string; readonly common: string }): string {
  return `ONNX Runtime ${web ?? common}`;
}

/**
 * Runs an ONNX file with ONNX Runtime, as a judge of written files.
 *
 * A file that fixes its batch is fed as many images at a time.
 *
 * @param output which of the network's outputs is wanted
 * @returns its numbers, images × scores; whatever the runtime cannot do is its refusal
 * @throws FailureError `part-missing` where the runtime could not be fetched
 */
export async function runOnnxRuntime(
  file: Uint8Array,
  input: InputBatch,
  output = 0,
): Promise<RuntimeAnswer> {
  let name = 'ONNX Runtime';
  try {
    name = runtimeName((await loadRuntime()).env.versions);
    const session = await openOnnxSession(file, output);
    try {
      const scores: Float32Array[] = [];
      for (const { values, count, fed } of batchesOf(input, session.batch ?? input.count)) {
        const data = await session.prepare(values, inputDims(input, fed))();
        scores.push(data.slice(0, (data.length / fed) * count));
      }
      return { name, scores: joined(scores) };
    } finally {
      await session.release();
    }
  } catch (error) {
    // That it did not come says nothing of the file.
    if (error instanceof FailureError) throw error;
    return { name, refusal: error instanceof Error ? error.message : String(error) };
  }
}

/** Extents of the file's input with a batch in front. */
export function inputDims(input: Pick<InputBatch, 'axes' | 'shape'>, batch: number): readonly number[] {
  return [batch, ...axesOf(input).map((axis) => input.shape[axis]!)];
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

function axesOf({ axes, shape }: Pick<InputBatch, 'axes' | 'shape'>): readonly number[] {
  return axes ?? usualAxes(shape.length);
}

/** The values in the order of the file's input. */
function valuesInOrder(input: InputBatch): Float32Array {
  const { values, count, shape } = input;
  const axes = axesOf(input);
  const isInOrder = axes.every((axis, index) => axis === index);
  return isInOrder ? values : permute(values, [count, ...shape], [0, ...axes.map((axis) => axis + 1)]);
}
