/*
 * Names of the kinds of background work that other parts of the project ask about. A kind that nobody asks about is
 * named in its own file alone.
 */

/** Factorises the layers of the network. */
export const factorising = 'curves';
/** Finds the preprocessing. */
export const detecting = 'detect';
/** Finds the order of the classes. */
export const ordering = 'class-order';
/** Measures recipes on the report images. */
export const measuring = 'measure';
/** Measures the layers' curves on the selection images. */
export const sweeping = 'sweep';
/** Races plans on the selection images. */
export const racing = 'race';
/** Repairs recipes on the calibration images. */
export const repairing = 'repair';
/** Distils repaired plans. */
export const distilling = 'distil';
/** Finds this machine's pace of distillation. */
export const pacing = 'distil-pace';
/** Times plans beside the original. */
export const timing = 'latency';
/** Times plans whose ranks are multiples of several numbers. */
export const timingMultiples = 'multiples';
/** Looks for the smallest plan without loss. */
export const searchingLossless = 'lossless';
/** Measures the original and a method's plans by the bytes that they take. */
export const measuringBytes = 'bytes';
