export { canBeDirect, canConvolve, formOf, pairOf } from './choice';
export type { Clamp, Epilogue } from './code';
export { compileConvolution, type Convolve, type LayerTensors } from './convolution';
export type { FormName } from './forms';
export { alignedOutputs, layerWeights, type Layer } from './plan';
