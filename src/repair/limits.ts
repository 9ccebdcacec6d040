/**
 * Most values that one patch of a layer may have (inputs per group · kernel height · kernel width). The Gram matrix of
 * larger ones, 8 bytes · values², is too large to hold; their layers stay as they are.
 */
export const maxPatchSize = 5000;

/**
 * Most values of all sampled patches of a layer together (float32: 256 MiB): fewer patches are taken where they
 * are large, which bounds memory whatever the images' number and size.
 */
export const maxSampledValues = 64 * 2 ** 20;
