import { roundsAsItRuns } from './dynamicLevels';
import type { Network, Stored } from './graph';
import { layerNodes } from './layerNodes';
import { kernelOf } from './sharing';

/** How a network's own files hold it. */
export interface Holding {
  /** Of most numbers in kernels. */
  readonly weights: 'float32' | Stored['type'];
  /** Whether values between layers are rounded to levels: known ones, or such as are found as it runs. */
  readonly activations: 'float32' | 'int8' | 'dynamic';
}

/** How a network is held in the files that it was read from: in the form that more than half of its kernels' numbers have. */
export function holdingOf(network: Network): Holding {
  const numbers = new Map<Holding['weights'], number>();
  let all = 0;
  for (const node of layerNodes(network)) {
    const { data, stored } = kernelOf(node);
    const type = stored?.type ?? 'float32';
    numbers.set(type, (numbers.get(type) ?? 0) + data.length);
    all += data.length;
  }
  const [most] = [...numbers].find(([, count]) => 2 * count > all) ?? ['float32' as const];
  const isRounded = network.nodes.some(({ operator }) => operator.kind === 'quantise');
  const isDynamic = network.nodes.some(roundsAsItRuns);
  const activations = isRounded ? 'int8' : isDynamic ? 'dynamic' : 'float32';
  return { weights: most, activations: most === 'int8' ? activations : 'float32' };
}
