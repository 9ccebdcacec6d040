import fc from 'fast-check';
import type { Scores, ScoreKind } from '../scores';

const scoresOf = (kind: ScoreKind, rows: readonly (readonly number[])[]): Scores => ({
  classes: rows[0]!.length,
  scores: Float32Array.from(rows.flat()),
  kind,
});

/** Scores of a network that ends in logits, a row per image. */
export const logits = (...rows: readonly (readonly number[])[]) => scoresOf('logits', rows);

/** Scores of a network that ends in a softmax, a row per image. */
export const probabilityRows = (...rows: readonly (readonly number[])[]) => scoresOf('probabilities', rows);

/** Rows of six scores with many equal ones, NaN and both infinities among them. */
export const awkwardRow = fc.array(fc.constantFrom(-Infinity, -1, 0, 1, 2, Infinity, NaN), {
  minLength: 6,
  maxLength: 6,
});
