// A tile of four rows of the result stays in registers while it runs along packed panels. A block of the left factor
// (64 KiB) and one of the right (512 KiB) stay in the second-level cache.
export const TILE = 4;
export const INNER_BLOCK = 256;
export const ROW_BLOCK = 32;
export const COLUMN_BLOCK = 256;

/** Places in front of every workspace, in doubles: the left panels at 0, then these. */
export const rightPlace = ROW_BLOCK * INNER_BLOCK;
export const stripPlace = rightPlace + COLUMN_BLOCK * INNER_BLOCK;
export const factorPlace = stripPlace + TILE * COLUMN_BLOCK;
/** So many doubles the packed factors take; even, so that what follows begins at a vector. */
export const packedDoubles = factorPlace + 2;
