import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { assertNoFault, backendFault, unwatchDevice, watchDevice } from './faults';
import { readBack } from './readback';
import { startNodeBackend } from './testing/nodeBackend';

/** Stands in for a GPUDevice: only its two ways of reporting trouble. */
class FakeDevice extends EventTarget {
  lose: (info: { message: string }) => void = () => undefined;
  readonly lost = new Promise<{ message: string }>((resolve) => (this.lose = resolve));

  report(message: string, name = 'GPUValidationError'): void {
    const error = new {
      [name]: class {
        readonly message = message;
      },
    }[name]!();
    this.dispatchEvent(Object.assign(new Event('uncapturederror'), { error }));
  }

  get device(): GPUDevice {
    return this as unknown as GPUDevice;
  }
}

beforeAll(() => startNodeBackend('cpu'));

// The first, since a device stays watched once it was.
test('without WebGPU a failed readback stays what it is', async () => {
  const bug = new Error('a bug');
  const broken = { data: () => Promise.reject(bug) } as unknown as tf.Tensor;
  await expect(readBack(broken)).rejects.toBe(bug);
});

test('a device that reports nothing leaves results alone', async () => {
  watchDevice(new FakeDevice().device);
  const tensor = tf.tensor1d([1, 2]);
  expect([...(await readBack(tensor))]).toEqual([1, 2]);
  expect(backendFault()).toBeNull();
  tensor.dispose();
});

test('an uncaptured error spoils every later readback, and the first one is told', async () => {
  const fake = new FakeDevice();
  watchDevice(fake.device);
  fake.report('binding too large\n - while validating');
  fake.report('another');
  const tensor = tf.tensor1d([1, 2]);
  await expect(readBack(tensor)).rejects.toMatchObject({
    code: 'device-error',
    message:
      'The graphics device reported an error, so its results cannot be trusted (binding too large); start the step again.',
  });
  expect(() => assertNoFault()).toThrow('binding too large');
  tensor.dispose();
});

test('running out of memory on the device has its own code', () => {
  const fake = new FakeDevice();
  watchDevice(fake.device);
  fake.report('no room', 'GPUOutOfMemoryError');
  expect(backendFault()).toMatchObject({
    code: 'out-of-memory',
    message: 'The graphics device ran out of memory (no room); use smaller batches.',
  });
});

test('a lost device is reported, also when it shows as a failed readback', async () => {
  const fake = new FakeDevice();
  watchDevice(fake.device);
  const broken = {
    data: () => Promise.reject(new DOMException('mapping failed', 'AbortError')),
  } as unknown as tf.Tensor;
  await expect(readBack(broken)).rejects.toMatchObject({ code: 'device-lost' });
  fake.lose({ message: 'unplugged' });
  await fake.lost;
  expect(backendFault()).toMatchObject({
    code: 'device-lost',
    message: 'The graphics device was lost (unplugged); start the step again to go on with a new device.',
  });
});

test('a device that is no longer watched is not believed', async () => {
  const [old, current] = [new FakeDevice(), new FakeDevice()];
  watchDevice(old.device);
  watchDevice(current.device);
  old.report('late news');
  old.lose({ message: 'destroyed' });
  await old.lost;
  expect(backendFault()).toBeNull();
});

test('a device that was set aside has no say in what another backend computes', async () => {
  const fake = new FakeDevice();
  watchDevice(fake.device);
  fake.report('a fault');
  expect(backendFault()).not.toBeNull();
  unwatchDevice();
  fake.report('another');
  expect(backendFault()).toBeNull();
  const tensor = tf.tensor1d([1, 2]);
  expect([...(await readBack(tensor))]).toEqual([1, 2]);
  tensor.dispose();
});
