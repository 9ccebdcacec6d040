import type { Conv2d } from '../../network/graph';
import type { Epilogue } from './code';
import { directStage, directWeights } from './direct';
import { horizontalStage } from './horizontal';
import { squareStage, squareWeights } from './square';
import { outputWidthOf, stripLines, type Shape, type Stage } from './stage';
import { tileOutputs } from './tile';
import { lineWeights, verticalStage } from './vertical';

/** What a stage is made with. */
export interface Making {
  readonly shape: Shape;
  readonly epilogue: Epilogue;
  /** Strips that are computed together, at most. */
  readonly strips: number;
  /** Whether to use the fused multiply-add of relaxed SIMD, which not every browser has. */
  readonly fused: boolean;
  /** From one line of outputs to the next, in bytes, where they have margins. */
  readonly targetBytes?: number | undefined;
}

/** A way to compute a convolution. */
interface Form {
  /** The weights as the stage reads them. */
  weights(convolution: Conv2d): Float32Array;
  stage(making: Making): Stage;
  /** Strips that pay for reading the weights. */
  strips(shape: Shape): number;
}

const tilesOf = (shape: Shape) => Math.ceil(outputWidthOf(shape) / tileOutputs);
const enough = (rows: number, perStrip: number) => Math.max(1, Math.ceil(rows / perStrip));

/** The ways to compute a convolution, by name. */
export const forms = {
  square: {
    weights: ({ kernel }) => squareWeights(kernel),
    stage: ({ shape, epilogue, strips, fused }) => squareStage(shape, epilogue, strips, fused),
    strips: (shape) => enough(16, tilesOf(shape)),
  },
  vertical: {
    weights: ({ kernel }) => lineWeights(kernel),
    stage: ({ shape, epilogue, strips, fused }) => verticalStage(shape, epilogue, strips, fused),
    strips: (shape) => enough(32, outputWidthOf(shape)),
  },
  horizontal: {
    weights: ({ kernel }) => lineWeights(kernel),
    stage: ({ shape, epilogue, strips, fused }) => horizontalStage(shape, epilogue, strips, fused),
    strips: (shape) => enough(32, stripLines * tilesOf(shape)),
  },
  direct: {
    weights: ({ kernel, groups }) => directWeights(kernel, groups),
    stage: ({ shape, epilogue, fused, targetBytes }) => directStage(shape, epilogue, fused, targetBytes),
    strips: () => 1,
  },
} as const satisfies Record<string, Form>;

export type FormName = keyof typeof forms;
