import { expect, it } from 'vitest';
import { unsupportedNodes } from '../../../network/validate';
import type { NamedFile } from '../../file';
import { encodeMessage } from '../protobuf';
import { readCaffe } from './read';
import { netSchema } from './schema';

const weights: NamedFile = { name: 'net.caffemodel', bytes: encodeMessage(netSchema, { name: 'net' }) };

/** What is said of the layer "odd", which ends a net that reads an image of 7 × 6 pixels and 4 channels. */
function problemOf(layers: string): string | undefined {
  const text = `input: "data" input_dim: [1, 4, 7, 6] ${layers}`;
  const prototxt = { name: 'net.prototxt', bytes: new TextEncoder().encode(text) };
  return unsupportedNodes(readCaffe(prototxt, weights)).at(-1)?.message;
}

const layer = (type: string, settings: string, name = 'odd') =>
  `layer { name: "${name}" type: "${type}" top: "${name}" ${settings} }`;
const data = 'bottom: "data"';
const small = layer('Pooling', `${data} pooling_param { kernel_size: 2 stride: 2 }`, 'small');
const vector = layer('Flatten', data, 'vector');
const table = layer('Reshape', `${data} reshape_param { shape { dim: 0 dim: 12 dim: 14 } }`, 'table');

it.each([
  ['ReLU', '', '', 'it reads nothing.'],
  ['Flatten', '', '', 'input 1 is missing.'],
  ['Crop', data, '', 'input 2 is missing.'],
  ['Concat', 'bottom: "gone"', '', 'the shape of its input "gone" is not known.'],
  [
    'Pooling',
    'bottom: "vector" pooling_param { kernel_size: 2 }',
    vector,
    'it is known for images only, found a vector of 168.',
  ],
  ['Softmax', 'bottom: "table"', table, 'it works along axis 1, expected the channels (axis 2).'],
  ['BatchNorm', 'bottom: "table"', table, 'it normalises along axis 1, expected the channels (axis 2).'],
  [
    'Scale',
    `${data} scale_param { num_axes: 2 }`,
    '',
    'it works on 2 axes from axis 1 on, expected the channels alone.',
  ],
  [
    'ShuffleChannel',
    'bottom: "table" shuffle_channel_param { group: 2 }',
    table,
    'it deals out along axis 1, expected the channels (axis 2).',
  ],
  ['LRN', `${data} lrn_param { local_size: 4 }`, '', 'its window is 4 channels, expected an odd number.'],
  ['Scale', `${data} bottom: "small"`, small, 'it multiplies 7×6×4 by 4×3×4 from axis 1 on.'],
  ['Bias', `${data} bottom: "small"`, small, 'it adds a computed value.'],
  ['Axpy', `${data} bottom: "small"`, small, 'it reads 2 values, expected 3.'],
  ['Eltwise', `${data} bottom: "small"`, small, 'its inputs are of different sizes: 7×6×4 and 4×3×4.'],
  ['Convolution', data, '', 'its convolution_param is missing.'],
  [
    'Convolution',
    `${data} convolution_param { num_output: 2 kernel_size: 3 axis: 2 }`,
    '',
    'its channels are axis 2, expected 1.',
  ],
  [
    'Convolution',
    `${data} convolution_param { num_output: 6 kernel_size: 3 group: 4 }`,
    '',
    '4 to 6 channels cannot be split into 4 groups.',
  ],
  ['Convolution', `${data} convolution_param { num_output: 2 }`, '', 'its kernel_size is missing.'],
  [
    'Convolution',
    `${data} convolution_param { num_output: 2 kernel_size: [1, 3, 3] }`,
    '',
    'its kernel has 3 values, expected 2 (height and width).',
  ],
  ['InnerProduct', data, '', 'its inner_product_param is missing.'],
  [
    'InnerProduct',
    `${data} inner_product_param { num_output: 2 axis: 2 }`,
    '',
    'it lumps axes from 2 on, expected 1.',
  ],
  ['Pooling', data, '', 'its pooling_param is missing.'],
  [
    'Pooling',
    `${data} pooling_param { stride: 2 }`,
    '',
    'its kernel_size is missing, and so is global_pooling.',
  ],
  [
    'Crop',
    `${data} bottom: "small" crop_param { axis: 0 }`,
    small,
    'it crops from axis 0 on, and images stay apart.',
  ],
])('refuses %s { %s } with the reason', (type, settings, before, reason) => {
  expect(problemOf(before + layer(type, settings))).toBe(`Node "odd" (${type}) is not supported: ${reason}`);
});
