import { Builder, ByteBuffer } from 'flatbuffers';
import { Model } from '../../src/formats/models/tflite/generated/tflite';
import type { Random } from '../../src/linalg/random';

const numbers = [0, 1, -1, 2, 3, 7, 127, 255, 256, 65_535, 65_536, 2 ** 31 - 1, -(2 ** 31), 100, 1000, 1.5];
const texts = ['', '__proto__', 'constructor', 'x'.repeat(300), '\u0000', 'a;b', 'a:1', 'a:0'];

interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

/**
 * A TensorFlow Lite file with one to three of its numbers, texts, lists and tables changed and packed again, so that
 * every offset is right and readers get as far as what the file says.
 */
export function mutatedTflite(bytes: Uint8Array, random: Random): Uint8Array {
  const model = Model.getRootAsModel(new ByteBuffer(bytes)).unpack();
  for (let left = 1 + random.integer(3); left > 0; left--) {
    const places: Place[] = [];
    placesIn(model, places);
    change(places[random.integer(places.length)]!, places, random);
  }
  const builder = new Builder(bytes.length);
  builder.finish(model.pack(builder), 'TFL3');
  return builder.asUint8Array();
}

/** Data of buffers count as one place each: what they hold is nothing to a reader's structure. */
function placesIn(holder: object, places: Place[]): void {
  for (const [key, part] of Object.entries(holder)) {
    places.push({ holder: holder as Record<string, unknown>, key });
    const isData = key === 'data' && Array.isArray(part);
    if (typeof part === 'object' && part !== null && !isData) placesIn(part as object, places);
  }
}

/** Keeps the kind of what it changes, which the packing relies on. */
function change({ holder, key }: Place, places: readonly Place[], random: Random): void {
  const value = holder[key];
  if (typeof value === 'number') holder[key] = numbers[random.integer(numbers.length)];
  else if (typeof value === 'bigint')
    holder[key] = BigInt(Math.trunc(numbers[random.integer(numbers.length)]!));
  else if (typeof value === 'boolean') holder[key] = !value;
  else if (typeof value === 'string') holder[key] = texts[random.integer(texts.length)];
  else if (Array.isArray(value)) changeList(value, random);
  else if (value) {
    const kin = places.filter(({ holder: other, key: at }) => other[at]?.constructor === value.constructor);
    const { holder: other, key: at } = kin[random.integer(kin.length)]!;
    holder[key] = random.integer(3) === 0 && !Array.isArray(holder) ? null : other[at];
  }
}

function changeList(list: unknown[], random: Random): void {
  const drawn = random.integer(4);
  const at = random.integer(list.length + 1);
  if (drawn === 0) list.length = 0;
  else if (drawn === 1) list.splice(at, 1);
  else if (list.length > 0 && drawn === 2) list.splice(at, 0, list[random.integer(list.length)]);
  else list.reverse();
}
