import type { Random } from '../../linalg/random';

/*
 * Seeded changes to files that keep most of their structure, so that readers get past the first check: numbers
 * become those that programs trip over, pieces are repeated, left out or cut off.
 */

const words = [0, 1, 2, 3, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000];
const numbers: readonly unknown[] = [
  ...[0, 1, -1, 2, 3, 7, 1.5, -0.5, 255, 256, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53, 1e-320],
  ...[1e300, -1e300, 4_294_967_295, 100, 1000],
];
const oddTexts = [
  '',
  '__proto__',
  'constructor',
  'same',
  'x'.repeat(300),
  '\u0000',
  '\u202e',
  '<b>',
  '=1+1',
  '../a',
];
const literals: readonly unknown[] = [null, true, false, [], {}, '', [[]], [null], { a: 1 }];

/** One to four changes to bytes. */
export function mutatedBytes(bytes: Uint8Array, random: Random): Uint8Array {
  let changed = Uint8Array.from(bytes);
  for (let left = 1 + random.integer(4); left > 0; left--) changed = changedOnce(changed, random);
  return changed;
}

function changedOnce(bytes: Uint8Array<ArrayBuffer>, random: Random): Uint8Array<ArrayBuffer> {
  if (bytes.length === 0) return bytes;
  // Headers and lengths stand in front more often than not.
  const at = random.integer(random.integer(2) === 0 ? bytes.length : Math.min(bytes.length, 128));
  const length = 1 + random.integer(Math.min(64, bytes.length - at));
  switch (random.integer(8)) {
    case 0:
      bytes[at]! ^= 1 << random.integer(8);
      return bytes;
    case 1:
      bytes[at] = words[random.integer(7)]!;
      return bytes;
    case 2:
    case 3:
      return withWord(bytes, at, random);
    case 4:
      return bytes.slice(0, at);
    case 5:
      return joined(bytes.subarray(0, at), bytes.subarray(at + length));
    case 6:
      return joined(bytes.subarray(0, at + length), bytes.subarray(at));
    default:
      return bytes.fill(random.integer(2) === 0 ? 0 : 255, at, at + length);
  }
}

function withWord(bytes: Uint8Array<ArrayBuffer>, at: number, random: Random): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer);
  const word = words[random.integer(words.length)]!;
  const isLittle = random.integer(2) === 0;
  if (random.integer(2) === 0 && at + 2 <= bytes.length) view.setUint16(at, word & 0xffff, isLittle);
  else if (at + 4 <= bytes.length) view.setUint32(at, word, isLittle);
  return bytes;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

/** Of what JSON can say. */
function copyOf(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}

/** One to four changes to the words, numbers and lines of a text. */
export function mutatedText(text: string, random: Random): string {
  let parts = text.split(/(\s+|[^\w.+-])/);
  for (let left = 1 + random.integer(4); left > 0 && parts.length > 0; left--) {
    const at = random.integer(parts.length);
    const other = random.integer(parts.length);
    const drawn = random.integer(7);
    if (drawn === 0) parts[at] = String(numbers[random.integer(numbers.length)]);
    else if (drawn === 1) parts[at] = oddTexts[random.integer(oddTexts.length)]!;
    else if (drawn === 2) parts.splice(at, 1 + random.integer(8));
    else if (drawn === 3) parts[at] = parts[other]!;
    else if (drawn === 4) parts = [...parts.slice(0, at), ...parts.slice(at, at + 12), ...parts.slice(at)];
    else if (drawn === 5) parts = parts.slice(0, at + 1);
    else parts[at] = changedNumber(parts[at]!, random);
  }
  return parts.join('');
}

function changedNumber(part: string, random: Random): string {
  const value = Number(part);
  if (part.trim() === '' || !Number.isFinite(value)) return part;
  return String([-value, value + 1, value * 1000, value / 2, 'NaN', 'nan', '0x10'][random.integer(7)]);
}

/** One to three changes to the members, numbers and texts of a JSON value; the value itself stays as it is. */
export function mutatedJson(value: unknown, random: Random): unknown {
  const root = { value: copyOf(value) };
  for (let left = 1 + random.integer(3); left > 0; left--) {
    const places: { holder: Record<string, unknown>; key: string }[] = [];
    placesIn(root, places);
    changePlace(places[random.integer(places.length)]!, places, random);
  }
  return root.value;
}

function placesIn(holder: object, places: { holder: Record<string, unknown>; key: string }[]): void {
  for (const [key, part] of Object.entries(holder)) {
    places.push({ holder: holder as Record<string, unknown>, key });
    if (typeof part === 'object' && part !== null) placesIn(part as object, places);
  }
}

function changePlace(
  { holder, key }: { holder: Record<string, unknown>; key: string },
  places: readonly { holder: Record<string, unknown>; key: string }[],
  random: Random,
): void {
  const drawn = random.integer(6);
  const other = places[random.integer(places.length)]!;
  const isRoot = key === 'value' && places[0]?.holder === holder;
  if (drawn === 0 && Array.isArray(holder)) holder.splice(Number(key), 1);
  else if (drawn === 0 && !isRoot) Reflect.deleteProperty(holder, key);
  else if (drawn === 1 && Array.isArray(holder)) holder.push(copyOf(holder[Number(key)]));
  else if (drawn === 2) holder[key] = copyOf(other.holder[other.key]);
  else if (drawn === 3) holder[key] = oddTexts[random.integer(oddTexts.length)];
  else if (drawn === 4) holder[key] = copyOf(literals[random.integer(literals.length)]);
  else holder[key] = numbers[random.integer(numbers.length)];
}
