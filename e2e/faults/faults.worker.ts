import '../../workers/compute.worker';
import { backend } from '@tensorflow/tfjs-core';

/** The studio's compute worker, which also destroys its graphics device whenever it is told to. */
new BroadcastChannel('faults').addEventListener('message', () => {
  (backend() as unknown as { device: { destroy(): void } }).device.destroy();
});
