import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { describeAdapter, probeAdapter } from './adapter';
import { chooseBackend, memory } from './backend';
import { nodeWasmPaths, startNodeBackend } from './testing/nodeBackend';

const options = { wasmPaths: nodeWasmPaths };

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Pretends that the browser offers this adapter. */
function offerAdapter(adapter: object | null): void {
  vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.resolve(adapter) } });
}

describe('telling adapters apart', () => {
  test.each([
    [{ vendor: 'google', architecture: 'swiftshader' }, true],
    [{ vendor: 'mesa', description: 'llvmpipe (LLVM 17.0.6, 256 bits)' }, true],
    [{ vendor: 'microsoft', description: 'Microsoft Basic Render Driver' }, true],
    [{ vendor: 'amd', isFallbackAdapter: true }, true],
    [{ vendor: 'nvidia', architecture: 'ampere' }, false],
    [{ vendor: 'apple', architecture: 'metal-3' }, false],
    [{}, false],
  ])('%o is software: %s', (facts, software) => {
    expect(describeAdapter(facts).software).toBe(software);
  });

  test('believes an adapter that calls itself a fallback', () => {
    expect(describeAdapter({ vendor: 'intel' }, true).software).toBe(true);
  });
});

describe('choosing a backend', () => {
  test('auto takes WebAssembly where there is no WebGPU', async () => {
    const report = await chooseBackend('auto', options);
    expect(report).toMatchObject({ backend: 'wasm', adapter: null });
    expect(report.reason).toContain('WebGPU');
    expect(tf.getBackend()).toBe('wasm');
  });

  test('auto prefers WebAssembly to a software adapter and says so', async () => {
    offerAdapter({ info: { vendor: 'google', architecture: 'swiftshader' } });
    const report = await chooseBackend('auto', options);
    expect(report).toMatchObject({
      backend: 'wasm',
      adapter: { architecture: 'swiftshader', software: true },
    });
    expect(report.reason).toContain('software');
  });

  test('auto takes WebAssembly and says why when WebGPU offers no adapter', async () => {
    offerAdapter(null);
    expect((await chooseBackend('auto', options)).reason).toContain('no graphics adapter');
  });

  test('an adapter that is there only when it is asked for again is found', async () => {
    const answers = [null, { info: { vendor: 'nvidia', architecture: 'hopper' } }];
    vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.resolve(answers.shift() ?? null) } });
    expect(await probeAdapter()).toMatchObject({ adapter: { vendor: 'nvidia', software: false } });
  });

  test.each(['wasm', 'cpu'] as const)('%s is started when asked for', async (name) => {
    expect((await startNodeBackend(name)).backend).toBe(name);
    expect(tf.getBackend()).toBe(name);
  });

  test('WebGPU asked for where there is none is a failure, not another backend', async () => {
    await startNodeBackend('cpu');
    await expect(chooseBackend('webgpu', options)).rejects.toMatchObject({
      code: 'backend-unavailable',
      message:
        'Expected a machine that runs WebGPU, found that it cannot run here: this browser has no WebGPU; choose another backend.',
    });
    expect(tf.getBackend()).toBe('cpu');
  });
});

test('memory counts tensors and their bytes', async () => {
  await startNodeBackend('wasm');
  const before = memory();
  const tensor = tf.zeros([10]);
  expect(memory()).toEqual({ tensors: before.tensors + 1, bytes: before.bytes + 40, deviceBytes: null });
  tensor.dispose();
  expect(memory()).toEqual(before);
});
