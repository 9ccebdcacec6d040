import type { Face } from './scene';

/** One image to render: everything else follows from the three seeds. */
export interface RenderRequest {
  readonly letter: string;
  readonly face: Face;
  readonly seed: number;
  readonly stream: number;
  readonly index: number;
}
