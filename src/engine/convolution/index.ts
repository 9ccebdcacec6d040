export { canBeDirect, canConvolve, formOf, pairOf } from './choice';
export { lanes, type Clamp, type Epilogue } from './code';
export { compileConvolution, type Convolve, type LayerTensors } from './convolution';
export type { FormName } from './forms';
export { alignedOutputs, layerWeights, type Layer } from './plan';
