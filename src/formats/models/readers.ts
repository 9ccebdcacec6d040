import { createRegistry } from '../../network/registry';
import { caffe } from './caffe';
import { h5, keras } from './keras';
import { onnx } from './onnx';
import type { ModelReader } from './reader';
import { tfjs } from './tfjs';
import { tflite } from './tflite';

/** Every format that networks are read from. */
export const readers = createRegistry<ModelReader>('format to read', [onnx, keras, h5, tfjs, caffe, tflite]);
