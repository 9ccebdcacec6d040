import type { Storage } from '../compression/steps/quantise';
import type { Network } from '../network/graph';
import type { ImageSet, Preprocessing } from '../network/images';
import type { Pause } from '../engine/executor';

/** Calibration images; no reported accuracy may come from them. Labels are not used. */
export interface CalibrationImages {
  readonly images: ImageSet;
  readonly preprocessing: Preprocessing;
  readonly indices: Uint32Array;
}

export interface QuantiseRequest extends Storage {
  /** Batch norm may be unfolded. */
  readonly network: Network;
  /** null rounds each weight by itself. */
  readonly calibration: CalibrationImages | null;
  readonly seed: number;
  /** Awaited between steps; throws to stop. */
  readonly pause: Pause;
  /** Told of what is done. */
  onProgress?(done: number, total: number): void;
}
