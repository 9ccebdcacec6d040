import * as tf from '@tensorflow/tfjs-core';
import { assemble, type WasmFunction } from '../../linalg/wasm/assembler';
import type { Program } from './stage';

/** What tfjs's WebAssembly backend keeps its tensors in; not in its types. */
interface WasmBackend {
  readonly wasm: {
    readonly asm?: { readonly memory?: WebAssembly.Memory };
    readonly HEAPU8: Uint8Array;
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
  getMemoryOffset(dataId: object): number;
  makeOutput(shape: number[], dtype: 'float32'): tf.TensorInfo;
}

/** The memory of tfjs's WebAssembly backend, in which our own code runs beside tfjs's. */
export class Heap {
  readonly #programs = new Map<string, Program>();
  #scratch = 0;
  #scratchBytes = 0;

  constructor(
    private readonly backend: WasmBackend,
    readonly memory: WebAssembly.Memory,
  ) {}

  addressOf(tensor: tf.Tensor): number {
    return this.backend.getMemoryOffset(tensor.dataId);
  }

  /** A tensor's values where they lie: valid until anything is computed or a tensor is made. */
  valuesOf(tensor: tf.Tensor): Float32Array {
    return new Float32Array(this.memory.buffer, this.addressOf(tensor), tensor.size);
  }

  /** A new tensor whose values are whatever lies there; it belongs to the open scope. */
  emptyTensor(shape: number[]): tf.Tensor {
    return tf.engine().makeTensorFromTensorInfo(this.backend.makeOutput(shape, 'float32'));
  }

  /** Fills with zeros. */
  clear(address: number, bytes: number): void {
    this.backend.wasm.HEAPU8.fill(0, address, address + bytes);
  }

  /**
   * Compiles functions that work in this memory.
   *
   * @param key says what they depend on; those of a known key are not made again
   */
  compile(key: string, functions: () => readonly WasmFunction[]): Program {
    const known = this.#programs.get(key);
    if (known) return known;
    const imports = { host: { memory: this.memory } };
    const module = new WebAssembly.Module(assemble(functions()));
    const program = new WebAssembly.Instance(module, imports).exports as Program;
    this.#programs.set(key, program);
    return program;
  }

  /**
   * Room for what a step needs while it runs, at a multiple of 64; the next call may take it away. It grows to
   * what the largest step needs and stays.
   *
   * @returns its address, 0 where there is no room
   */
  scratch(bytes: number): number {
    const line = 64;
    if (bytes > this.#scratchBytes) {
      const { wasm } = this.backend;
      if (this.#scratch !== 0) wasm._free(this.#scratch);
      this.#scratch = wasm._malloc(bytes + line) >>> 0;
      this.#scratchBytes = this.#scratch === 0 ? 0 : bytes;
    }
    return this.#scratch === 0 ? 0 : Math.ceil(this.#scratch / line) * line;
  }
}

const heaps = new WeakMap<object, Heap>();

/** The heap of the current backend; null where it is not WebAssembly. */
export function currentHeap(): Heap | null {
  if (tf.getBackend() !== 'wasm') return null;
  const backend = tf.backend() as unknown as WasmBackend;
  const memory = backend.wasm.asm?.memory;
  if (!memory) return null;
  const heap = heaps.get(backend) ?? new Heap(backend, memory);
  heaps.set(backend, heap);
  return heap;
}
