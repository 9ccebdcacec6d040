import * as tf from '@tensorflow/tfjs-core';
import { FailureError, fail } from '../network/failure';

/** WebAssembly can address 4 GiB; some of it is the kernels' own workspace. */
const wasmLimit = 3.25 * 2 ** 30;

/**
 * Stops before WebAssembly's memory is full. Beyond that its allocator answers with address 0, kernels write
 * over each other's data without a word, and some calls later the whole module aborts for good.
 *
 * @throws FailureError 'out-of-memory'
 */
export function assertRoom(): void {
  if (tf.getBackend() !== 'wasm') return;
  const { numBytes } = tf.memory();
  if (numBytes > wasmLimit) {
    fail(
      'out-of-memory',
      `Expected a step that WebAssembly has room for, found one that holds ${gibibytes(numBytes)} of data at once, more than WebAssembly can address; use fewer images at a time.`,
    );
  }
}

/**
 * Looks at a fresh tensor: WebAssembly's allocator answers with address 0 when it has nothing left, and kernels
 * write there all the same.
 *
 * @throws FailureError 'out-of-memory'
 */
export function assertAllocated(tensor: tf.Tensor): void {
  if (tf.getBackend() !== 'wasm') return;
  const backend = tf.backend() as unknown as { getMemoryOffset(dataId: object): number };
  if (backend.getMemoryOffset(tensor.dataId) === 0) {
    fail('out-of-memory', 'WebAssembly has no memory left for this step; use fewer images at a time.');
  }
}

/** An aborted WebAssembly module as the failure it is; other errors are answered as they came. */
export function namedAbort(error: unknown): unknown {
  if (!(error instanceof WebAssembly.RuntimeError)) return error;
  return new FailureError(
    'out-of-memory',
    `WebAssembly stopped, most likely for lack of memory (${error.message}); reload and use fewer images at a time.`,
  );
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
