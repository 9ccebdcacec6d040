import { Builder, ByteBuffer } from 'flatbuffers';
import type { Network } from '../../../../network/graph';
import { Model, type ModelT } from '../generated/tflite';
import { writeTflite } from '../write';

/** The file of a network with something in it changed. */
export function changedFile(network: Network, change: (model: ModelT) => void): Uint8Array {
  const model = Model.getRootAsModel(new ByteBuffer(writeTflite(network))).unpack();
  change(model);
  const builder = new Builder(1024);
  builder.finish(model.pack(builder), 'TFL3');
  return builder.asUint8Array();
}
