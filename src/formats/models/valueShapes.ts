import { fail } from '../../network/failure';
import type { Shape } from '../../network/graph';

/**
 * Shape of a value of a network that is written.
 *
 * @throws FailureError `invalid-network` where it is not known: a node before it could not be worked out
 */
export function knownShape(shapes: ReadonlyMap<string, Shape>, value: string): Shape {
  return (
    shapes.get(value) ??
    fail(
      'invalid-network',
      `Expected a value of known shape, found "${value}" without; open the network again.`,
    )
  );
}
