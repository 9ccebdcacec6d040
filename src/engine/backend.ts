import * as tf from '@tensorflow/tfjs-core';
import { fail, FailureError } from '../network/failure';
import { loadPart } from '../network/parts';
import { wasmFile } from '../network/wasmFile';
import { adapterName, probeAdapter, type AdapterProbe, type AdapterReport } from './adapter';
import { unwatchDevice, watchDevice } from './faults';
import { findWrongAnswers } from './selfCheck';

export { backendFault } from './faults';
export type { AdapterReport } from './adapter';

/** What runs the arithmetic: the graphics card, WebAssembly on one thread, or plain JavaScript. */
export type BackendName = 'webgpu' | 'wasm' | 'cpu';

/** What a person or a test may ask for. */
export type BackendRequest = 'auto' | BackendName;

/** Folder of the .wasm files (ending in a slash), or a map from their names to addresses. */
export type WasmPaths = string | Record<string, string>;

/** Which backend really runs and why. Shown to the person and asserted in tests. */
export interface BackendReport {
  readonly backend: BackendName;
  /** The graphics adapter that was found, whether or not it is used; null where there is none. */
  readonly adapter: AdapterReport | null;
  /** One sentence. */
  readonly reason: string;
  /** A sentence where a graphics adapter that should compute does not: it fails to start, or computes wrongly. */
  readonly doubt?: string;
}

export interface BackendOptions {
  readonly wasmPaths: WasmPaths;
}

/**
 * Starts the backend for this thread.
 *
 * `auto` takes WebGPU where there is an adapter that is not a program on the processor, else WebAssembly on
 * one thread, else plain JavaScript. WebGPU counts only where it answers a known network rightly. A backend asked for
 * by name is started or the call fails; it is never replaced.
 *
 * @throws FailureError 'backend-unavailable' where the requested backend cannot start here, 'part-missing' where
 *   its code cannot be fetched
 */
export async function chooseBackend(
  request: BackendRequest,
  options: BackendOptions,
): Promise<BackendReport> {
  const probe = await probeAdapter();
  if (request === 'auto') return chooseAutomatically(probe, options);
  const problem = await start(request, probe, options);
  if (problem)
    fail(
      'backend-unavailable',
      `Expected a machine that runs ${title[request]}, found that it cannot run here: ${problem}; choose another backend.`,
    );
  return { backend: request, adapter: probe.adapter, reason: `${title[request]} was asked for.` };
}

const title: Record<BackendName, string> = { webgpu: 'WebGPU', wasm: 'WebAssembly', cpu: 'Plain JavaScript' };

async function chooseAutomatically(probe: AdapterProbe, options: BackendOptions): Promise<BackendReport> {
  const { adapter } = probe;
  const gpuProblem = await startRealGpu(probe, options);
  if (!gpuProblem) {
    const name = adapter ? adapterName(adapter) : '';
    return { backend: 'webgpu', adapter, reason: `WebGPU runs on the graphics adapter (${name}).` };
  }
  const doubt = doubtOf(adapter, gpuProblem);
  const wasmProblem = await start('wasm', probe, options);
  if (!wasmProblem)
    return { backend: 'wasm', adapter, reason: `WebAssembly runs because ${gpuProblem}.`, ...doubt };
  await start('cpu', probe, options);
  const reason = `Plain JavaScript runs, slowly, because ${gpuProblem} and ${wasmProblem}.`;
  return { backend: 'cpu', adapter, reason, ...doubt };
}

/** A program on the processor is left alone without a word; a graphics card that is of no use is not. */
function doubtOf(adapter: AdapterReport | null, problem: string): Pick<BackendReport, 'doubt'> {
  if (!adapter || adapter.software) return {};
  const doubt = `Expected WebGPU to compute on the graphics adapter (${adapterName(adapter)}), found that ${problem}; the processor computes instead, more slowly, until browser or graphics driver are updated.`;
  return { doubt };
}

async function startRealGpu(probe: AdapterProbe, options: BackendOptions): Promise<string | null> {
  if (probe.adapter?.software) {
    return `the only graphics adapter is a slow software one (${adapterName(probe.adapter)})`;
  }
  return start('webgpu', probe, options);
}

/** Starts one backend; answers null, or what prevented it (part of a sentence). */
async function start(
  name: BackendName,
  probe: AdapterProbe,
  options: BackendOptions,
): Promise<string | null> {
  try {
    switch (name) {
      case 'webgpu':
        return await startWebGpu(probe);
      case 'wasm':
        return await startWebAssembly(options.wasmPaths);
      case 'cpu':
        await loadPart('the backend in JavaScript', () => import('@tensorflow/tfjs-backend-cpu'));
        return await activate('cpu');
    }
  } catch (error) {
    if (error instanceof FailureError && error.code === 'part-missing') throw error;
    return `starting ${title[name]} failed (${reasonOf(error)})`;
  }
}

/** An error's sentence as a part of another one. */
function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}

async function startWebGpu(probe: AdapterProbe): Promise<string | null> {
  if (!probe.adapter) return probe.reason;
  await loadPart('the backend on WebGPU', () => import('@tensorflow/tfjs-backend-webgpu'));
  const problem = await activate('webgpu');
  if (problem) return problem;
  watchDevice(currentDevice());
  let isSound = false;
  try {
    const wrong = await findWrongAnswers();
    isSound = wrong === null;
    return wrong;
  } finally {
    // Another backend may run from now on, which this device has no say in.
    if (!isSound) unwatchDevice();
  }
}

async function startWebAssembly(paths: WasmPaths): Promise<string | null> {
  if (typeof WebAssembly === 'undefined') return 'WebAssembly is switched off';
  const { setWasmPaths } = await loadPart(
    'the backend on WebAssembly',
    () => import('@tensorflow/tfjs-backend-wasm'),
  );
  // Its threads break in minified bundles; cores are used by one worker each instead.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!tf.engine().findBackend('wasm')) setWasmPaths(paths);
  const problem = await activate('wasm').catch(reasonOf);
  // tfjs does not say why, and a backend that is fetched in vain is no reason to compute slowly without a word.
  if (problem && typeof paths !== 'string')
    await loadPart('the backend on WebAssembly', () =>
      Promise.all(Object.values(paths).map((path) => fetch(path).then(wasmFile))),
    );
  return problem;
}

async function activate(name: BackendName): Promise<string | null> {
  if (tf.getBackend() === name) return null;
  const started = await tf.setBackend(name);
  if (!started) return `${title[name]} did not start`;
  await tf.ready();
  return null;
}

function currentDevice(): GPUDevice {
  return (tf.backend() as unknown as { device: GPUDevice }).device;
}

/** What runs in this thread, for a person. */
export function backendTitle(): string {
  return title[tf.getBackend() as BackendName];
}

/** What the engine holds in this thread. */
export interface MemoryReport {
  readonly tensors: number;
  /** Bytes of those tensors. */
  readonly bytes: number;
  /** Bytes that the graphics device holds, pooled buffers included; null off WebGPU. */
  readonly deviceBytes: number | null;
}

/** Counts tensors and bytes, to show and to test that nothing leaks. */
export function memory(): MemoryReport {
  const report: tf.MemoryInfo & { numBytesAllocatedInGPU?: number } = tf.memory();
  const deviceBytes = report.numBytesAllocatedInGPU ?? null;
  return { tensors: report.numTensors, bytes: report.numBytes, deviceBytes };
}
