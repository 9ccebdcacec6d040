/**
 * Version of what measurements mean: kernels, batches, temperature of divergences. Raise it whenever the same unit
 * of work would give other counts than before, so that results of before are not joined with those of after.
 */
export const arithmeticVersion = 4;
