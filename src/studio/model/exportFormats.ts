import type { NetworkFormat } from '../../network/graph';

/** A form in which the smaller network can be downloaded. */
export interface ExportFormat {
  readonly format: NetworkFormat;
  readonly title: string;
  /** Ending of the one file that is downloaded. */
  readonly ending: string;
  /** The format is offered only for networks that came in it. */
  readonly isOwnOnly?: boolean;
}

/** What the button writes by itself. */
export const defaultFormat: ExportFormat = { format: 'onnx', title: 'ONNX', ending: '.onnx' };

/** Every form there is, the default first. */
export const exportFormats: readonly ExportFormat[] = [
  defaultFormat,
  { format: 'tfjs', title: 'TensorFlow.js', ending: '.zip' },
  { format: 'keras', title: 'Keras', ending: '.keras' },
  { format: 'h5', title: 'Keras, HDF5', ending: '.h5' },
  { format: 'caffe', title: 'Caffe', ending: '.zip', isOwnOnly: true },
];
