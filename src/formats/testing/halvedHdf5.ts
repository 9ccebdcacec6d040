/** HDF5's descriptions of IEEE 754 numbers: class, bits, size, offset, precision, exponent, fraction, bias. */
const float32 = [0x11, 0x20, 0x1f, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0];
const float16 = [0x11, 0x20, 0x0f, 0, 2, 0, 0, 0, 0, 0, 16, 0, 10, 5, 0, 10, 15, 0, 0, 0];

/**
 * An HDF5 file whose one float32 data set is said to be float16, which h5wasm reads and does not write. Half of
 * its bytes become its numbers; the header's checksum is made anew.
 */
export function halvedHdf5(bytes: Uint8Array): Uint8Array {
  const halved = bytes.slice();
  const buffer = Buffer.from(halved.buffer);
  const view = new DataView(halved.buffer);
  const at = buffer.indexOf(Uint8Array.from(float32));
  const header = buffer.lastIndexOf('OHDR', at);
  const end = checksumAt(halved, header);
  halved.set(float16, at);
  // Behind the description: the layout (version 3, contiguous, address, size).
  const size = buffer.indexOf(Uint8Array.of(3, 1), at + float16.length) + 10;
  view.setBigUint64(size, view.getBigUint64(size, true) / 2n, true);
  view.setUint32(end, checksum(halved.subarray(header, end)), true);
  return halved;
}

/** Where the checksum of a header stands: behind the first bytes that have it. */
function checksumAt(bytes: Uint8Array, header: number): number {
  const view = new DataView(bytes.buffer);
  for (let end = header + 16; end + 4 <= bytes.length; end++)
    if (view.getUint32(end, true) === checksum(bytes.subarray(header, end))) return end;
  throw new Error('expected a header with a checksum');
}

const turned = (value: number, by: number) => (value << by) | (value >>> (32 - by));

/** Bob Jenkins's lookup3 with a seed of 0, little-endian, as HDF5 sums its metadata. */
function checksum(bytes: Uint8Array): number {
  const padded = new Uint8Array(Math.ceil(bytes.length / 12) * 12);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  let a = (0xdeadbeef + bytes.length) | 0;
  let b = a;
  let c = a;
  for (let at = 0; at < padded.length; at += 12) {
    a = (a + view.getInt32(at, true)) | 0;
    b = (b + view.getInt32(at + 4, true)) | 0;
    c = (c + view.getInt32(at + 8, true)) | 0;
    if (at + 12 === padded.length) break;
    for (const by of [4, 6, 8, 16, 19, 4]) {
      a = ((a - c) ^ turned(c, by)) | 0;
      c = (c + b) | 0;
      [a, b, c] = [b, c, a];
    }
  }
  for (const by of [14, 11, 25, 16, 4, 14, 24]) {
    c = ((c ^ b) - turned(b, by)) | 0;
    [a, b, c] = [b, c, a];
  }
  // The last one to be changed has moved on.
  return b >>> 0;
}
