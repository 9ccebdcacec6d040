import { fail } from '../network/failure';

/**
 * Most nodes, layers or calls of layers that a network may have: many times what the largest ones have, and few
 * enough for everything that is drawn or worked out per layer.
 */
export const maxNodes = 20_000;

/**
 * @param what is counted, in the plural
 * @throws FailureError `unreadable-file` where there are more than {@link maxNodes}
 */
export function requireFewNodes(count: number, what: string): void {
  if (count > maxNodes)
    fail(
      'unreadable-file',
      `expected at most ${maxNodes.toLocaleString('en-US')} ${what}, found more; save a smaller network.`,
    );
}
