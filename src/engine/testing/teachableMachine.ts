import { fillWeights, layers } from './tfLayers';

type Symbolic = layers.SymbolicTensor;
const make = layers.layers;

/** One block of MobileNet: a strided one pads by itself on two sides first. */
function mobileBlock(input: Symbolic, filters: number, stride: number, name: string): Symbolic {
  const settings = { useBias: false, kernelSize: 3, strides: stride } as const;
  const steps = [
    ...(stride === 2
      ? [
          make.zeroPadding2d({
            padding: [
              [0, 1],
              [0, 1],
            ],
            name: `${name}_pad`,
          }),
        ]
      : []),
    make.depthwiseConv2d({ ...settings, padding: stride === 2 ? 'valid' : 'same', name: `${name}_dw` }),
    make.batchNormalization({ name: `${name}_dw_bn`, axis: -1 }),
    make.reLU({ maxValue: 6, name: `${name}_dw_relu` }),
    make.conv2d({ filters, kernelSize: 1, padding: 'same', useBias: false, name: `${name}_pw` }),
    make.batchNormalization({ name: `${name}_pw_bn`, axis: -1 }),
    make.reLU({ maxValue: 6, name: `${name}_pw_relu` }),
  ];
  return steps.reduce((value, layer) => layer.apply(value) as Symbolic, input);
}

/** A network shaped as Teachable Machine writes them: Sequential [Sequential [MobileNet, pooling], Sequential [head]]. */
export function teachableMachine(): layers.LayersModel {
  const start = layers.input({ shape: [16, 16, 3], name: 'input_1' });
  const stem = make.conv2d({
    filters: 8,
    kernelSize: 3,
    strides: 2,
    padding: 'same',
    useBias: false,
    name: 'Conv1',
  });
  const first = mobileBlock(stem.apply(start) as Symbolic, 8, 1, 'block_1');
  const sum = make.add({ name: 'block_1_add' }).apply([first, stem.apply(start) as Symbolic]) as Symbolic;
  const mobile = layers.model({
    inputs: start,
    outputs: mobileBlock(sum, 12, 2, 'block_2'),
    name: 'mobilenet',
  });
  const features = layers.sequential({ name: 'sequential_1' });
  features.add(mobile);
  features.add(make.globalAveragePooling2d({ name: 'pooled' }));
  const head = layers.sequential({ name: 'sequential_3' });
  head.add(make.dense({ units: 10, activation: 'relu', inputShape: [12], name: 'dense_Dense1' }));
  head.add(make.dropout({ rate: 0.5 }));
  head.add(make.dense({ units: 4, useBias: false, activation: 'softmax', name: 'dense_Dense2' }));
  const model = layers.sequential({ name: 'sequential_4' });
  model.add(features);
  model.add(head);
  fillWeights(model);
  return model;
}
