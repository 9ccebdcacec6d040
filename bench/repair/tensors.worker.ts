import '../../workers/compute.worker';
import { memory } from '../../src/engine/backend';

/** The studio's compute worker, which also tells how many tensors it holds whenever it is asked. */
const channel = new BroadcastChannel('tensors');
channel.addEventListener('message', ({ data }) => {
  if (data === 'count') channel.postMessage(memory().tensors);
});
