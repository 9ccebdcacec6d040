import { ByteBuffer } from 'flatbuffers';
import { fail } from '../../../network/failure';

/** Elements of lists that are read per byte of the file: lists that share their bytes would multiply. */
const readingsPerByte = 4;

/**
 * Bytes of a FlatBuffer from anywhere: every number and every list is looked for inside the file before it is read, and
 * all lists together may have no more elements than the file could hold.
 */
export class CheckedBytes extends ByteBuffer {
  private readings: number;

  constructor(bytes: Uint8Array) {
    super(bytes);
    this.readings = readingsPerByte * bytes.length;
  }

  override readUint8(at: number): number {
    this.require(at, 1);
    return super.readUint8(at);
  }

  override readUint16(at: number): number {
    this.require(at, 2);
    return super.readUint16(at);
  }

  override readInt32(at: number): number {
    this.require(at, 4);
    return super.readInt32(at);
  }

  override __vector_len(at: number): number {
    const start = at + this.readInt32(at);
    const length = this.readUint32(start);
    this.count(start + 4, length);
    return length;
  }

  override __string(at: number): string | Uint8Array;
  override __string(at: number): string {
    const start = at + this.readInt32(at);
    const length = this.readUint32(start);
    this.count(start + 4, length);
    return new TextDecoder().decode(this.bytes().subarray(start + 4, start + 4 + length));
  }

  private count(at: number, length: number): void {
    this.require(at, length);
    this.readings -= length;
    if (this.readings < 0)
      fail(
        'unreadable-file',
        'expected lists that lie apart from each other, found some that share their bytes; convert the network again.',
      );
  }

  private require(at: number, length: number): void {
    const end = this.bytes().length;
    if (at >= 0 && at + length <= end) return;
    const where = at >= 0 && at <= end ? `${end - at} left` : `a place outside of the file's ${end}`;
    fail(
      'unreadable-file',
      `expected ${length} bytes at ${at}, found ${where}; it is cut off or damaged, copy or convert it again.`,
    );
  }
}
