import protobuf from 'protobufjs/minimal.js';
import type { NamedFile } from '../../file';

/** Wire types of the fields of a ModelProto that files really have. */
const fields: ReadonlyMap<number, number> = new Map([
  [1, 0], // ir_version
  [2, 2], // producer_name
  [3, 2], // producer_version
  [4, 2], // domain
  [5, 0], // model_version
  [6, 2], // doc_string
  [7, 2], // graph
  [8, 2], // opset_import
  [14, 2], // metadata_props
  [20, 2], // training_info
  [25, 2], // functions
]);
const graphField = 7;

/** Whether a file's first fields are those of an ONNX model; a file cut off inside the graph still counts. */
export function looksLikeOnnx({ bytes }: NamedFile): boolean {
  const reader = protobuf.Reader.create(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  try {
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      if (fields.get(tag >>> 3) !== (tag & 7)) return false;
      if (tag >>> 3 === graphField) return true;
      reader.skipType(tag & 7);
    }
  } catch {
    // Not even the fields before the graph are whole.
  }
  return false;
}
