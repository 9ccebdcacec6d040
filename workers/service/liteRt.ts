import type * as LiteRtCore from '@litertjs/core';
import { version } from '@litertjs/core/package.json';
import { joined } from '../../src/linalg/joined';
import { loadPart } from '../../src/network/parts';
import { sizeOf } from '../../src/network/shapes';
import type { InputBatch, RuntimeAnswer } from './onnxRuntime';

/** LiteRT's own program: makes its WebAssembly module. */
export type LiteRtProgram = (settings: object) => Promise<unknown>;

/** Loads that program, which lies elsewhere in a page than on a disk. */
export type LoadLiteRt = () => Promise<LiteRtProgram>;

const name = `LiteRT ${version}`;

interface Surroundings {
  self?: typeof globalThis;
  importScripts?: (address: string) => void;
  ModuleFactory?: LiteRtProgram;
}

const part = 'LiteRT, which judges what is written';

/**
 * Loads LiteRT into this thread. It expects a page or a worker in which a script brings its program; threads here are
 * made of modules, which have no such scripts, so that the program is handed over in their place. Its graphics device
 * is let go of: files are run on the processor.
 */
async function load(loadProgram: LoadLiteRt): Promise<typeof LiteRtCore> {
  const liteRt = await loadPart(part, () => import('@litertjs/core'));
  const program = await loadPart(part, loadProgram);
  const surroundings = globalThis as Surroundings;
  const own = Object.getOwnPropertyDescriptor(surroundings, 'importScripts');
  const bring = () => (surroundings.ModuleFactory = () => program({ print: ignore, printErr: ignore }));
  surroundings.self ??= globalThis;
  Object.defineProperty(surroundings, 'importScripts', { value: bring, configurable: true });
  try {
    await quietly(() => liteRt.loadLiteRt('program.js'));
  } finally {
    if (own) Object.defineProperty(surroundings, 'importScripts', own);
    else delete surroundings.importScripts;
  }
  liteRt.getWebGpuDevice()?.destroy();
  return liteRt;
}

const ignore = () => undefined;

/** Does something that warns where there is no graphics device, which is no news. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const { console: own } = globalThis as { console: { warn: unknown } };
  const { warn } = own;
  own.warn = ignore;
  try {
    return await work();
  } finally {
    own.warn = warn;
  }
}

/** A TensorFlow Lite file in LiteRT. */
export interface LiteRtSession {
  /** Images that it takes at a time. */
  readonly batch: number;
  /** Runs it on as many images and answers the numbers of the wanted output. */
  run(values: Float32Array): Promise<Float32Array>;
  release(): void;
}

/** LiteRT in this thread. */
export interface LiteRtRuntime {
  /** With its version. */
  readonly name: string;
  /**
   * @param output which of the network's outputs is wanted
   * @throws whatever the runtime throws, from lack of memory to an operator it does not know
   */
  open(file: Uint8Array, output?: number): Promise<LiteRtSession>;
  /** Lets go of it and of its memory. */
  stop(): void;
}

/**
 * Starts LiteRT's WebAssembly build, which shares no code with the studio. It is 9 MB large, so it is loaded when a file
 * is to be run and not before. It runs on the calling thread.
 */
export async function startLiteRt(loadProgram: LoadLiteRt): Promise<LiteRtRuntime> {
  const { Tensor, loadAndCompile, unloadLiteRt } = await load(loadProgram);
  return {
    name,
    async open(file, output = 0) {
      const model = await loadAndCompile(file, { accelerator: 'wasm' });
      const shape = Array.from(model.getInputDetails()[0]!.shape);
      return {
        batch: shape[0]!,
        async run(values) {
          const input = new Tensor(values, shape);
          const answers = await model.run([input]);
          try {
            return Float32Array.from((await answers[output]!.data()) as Float32Array);
          } finally {
            for (const tensor of [input, ...answers]) tensor.delete();
          }
        },
        release: () => model.delete(),
      };
    },
    stop: unloadLiteRt,
  };
}

/**
 * Runs a TensorFlow Lite file with LiteRT, as a judge of written files.
 *
 * @param output which of the network's outputs is wanted
 * @returns its numbers, images × scores; never throws: whatever the runtime cannot do is its refusal
 */
export async function runLiteRt(
  file: Uint8Array,
  input: InputBatch,
  loadProgram: LoadLiteRt,
  output = 0,
): Promise<RuntimeAnswer> {
  try {
    const runtime = await startLiteRt(loadProgram);
    try {
      return { name, scores: await scoresIn(runtime, file, input, output) };
    } finally {
      runtime.stop();
    }
  } catch (error) {
    return { name, refusal: error instanceof Error ? error.message : String(error) };
  }
}

/** What a file answers for every image, in batches of as many as it takes; zeros fill the last one. */
export async function scoresIn(
  runtime: LiteRtRuntime,
  file: Uint8Array,
  { values, count, shape }: InputBatch,
  output = 0,
): Promise<Float32Array> {
  const session = await runtime.open(file, output);
  try {
    const { batch } = session;
    const size = sizeOf(shape);
    const scores: Float32Array[] = [];
    for (let from = 0; from < count; from += batch) {
      const fed = new Float32Array(batch * size);
      fed.set(values.subarray(from * size, Math.min(from + batch, count) * size));
      const answer = await session.run(fed);
      scores.push(answer.slice(0, (answer.length / batch) * Math.min(batch, count - from)));
    }
    return joined(scores);
  } finally {
    session.release();
  }
}
