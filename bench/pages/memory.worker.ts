import '../../workers/compute.worker';
import { memory } from '../../src/engine/backend';
import { currentHeap } from '../../src/engine/convolution/heap';

/** The studio's compute worker, which also tells what it holds whenever it is asked. */
const channel = new BroadcastChannel('memory');
channel.addEventListener('message', ({ data }) => {
  if (data !== 'count') return;
  channel.postMessage({ tensors: memory().tensors, heap: currentHeap()?.memory.buffer.byteLength ?? 0 });
});
