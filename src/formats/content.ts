import { parseShallowJson, tooDeep } from '../network/shallowJson';

/** What a file seems to be, in words for a sentence: "found plain text". Judged by its content only. */
export function describeContent(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'an empty file';
  const signature = signatures.find(({ at = 0, pattern }) => startsWith(bytes, pattern, at));
  if (signature) return signature.is;
  return describeText(bytes) ?? describeRecords(bytes) ?? 'binary data of an unknown kind';
}

interface Signature {
  readonly pattern: string | readonly number[];
  readonly at?: number;
  readonly is: string;
}

const signatures: readonly Signature[] = [
  { pattern: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], is: 'a PNG image' },
  { pattern: [0xff, 0xd8, 0xff], is: 'a JPEG image' },
  { pattern: 'GIF8', is: 'a GIF image' },
  { pattern: 'WEBP', at: 8, is: 'a WebP image' },
  { pattern: 'BM', is: 'a BMP image' },
  { pattern: [0x49, 0x49, 42, 0], is: 'a TIFF image' },
  { pattern: [0x4d, 0x4d, 0, 42], is: 'a TIFF image' },
  ...['heic', 'heix', 'mif1', 'avif'].map((brand) => ({
    pattern: `ftyp${brand}`,
    at: 4,
    is: 'a HEIC or AVIF image',
  })),
  { pattern: [0xff, 0x0a], is: 'a JPEG XL image' },
  { pattern: '8BPS', is: 'a Photoshop document' },
  {
    pattern: [0x50, 0x4b, 3, 4],
    is: 'a zip archive (PyTorch checkpoints and .keras files are such archives)',
  },
  { pattern: [0x50, 0x4b, 5, 6], is: 'an empty zip archive' },
  { pattern: [0x1f, 0x8b], is: 'gzip-compressed data' },
  { pattern: [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a], is: 'an HDF5 file (Keras writes such files)' },
  { pattern: [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], is: 'a NumPy array' },
  { pattern: 'TFL3', at: 4, is: 'a TensorFlow Lite model' },
  { pattern: '%PDF', is: 'a PDF document' },
  { pattern: [0, 0, 8, 3], is: 'images in IDX format (MNIST)' },
  { pattern: [0, 0, 8, 1], is: 'labels in IDX format (MNIST)' },
];

/** Whether the bytes at an offset are a pattern: text or byte values. */
export function startsWith(bytes: Uint8Array, pattern: string | readonly number[], at = 0): boolean {
  const codes =
    typeof pattern === 'string' ? [...pattern].map((character) => character.charCodeAt(0)) : pattern;
  return codes.every((code, index) => bytes[at + index] === code);
}

const textSample = 4096;

function describeText(bytes: Uint8Array): string | null {
  const sample = bytes.subarray(0, textSample);
  if (sample.some((byte) => byte < 32 && ![9, 10, 12, 13].includes(byte))) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true }).trimStart();
    if (/^[[{]\s*["{[\]}\d-]/.test(text)) return describeJson(bytes);
    return /^<(!doctype|html|\?xml)/i.test(text) ? 'an HTML or XML page' : 'plain text';
  } catch {
    return null;
  }
}

function describeJson(bytes: Uint8Array): string {
  try {
    parseShallowJson(new TextDecoder().decode(bytes));
    return 'JSON text';
  } catch (error) {
    const isDeep = error instanceof SyntaxError && error.message === tooDeep;
    return isDeep ? `JSON text with ${tooDeep}` : 'damaged JSON text';
  }
}

function describeRecords(bytes: Uint8Array): string | null {
  const labels = (length: number, at: number, max: number) =>
    bytes.length % length === 0 &&
    Array.from({ length: bytes.length / length }, (_, index) => bytes[index * length + at]!).every(
      (label) => label <= max,
    );
  if (labels(3073, 0, 9)) return 'CIFAR-10 images';
  return labels(3074, 0, 19) && labels(3074, 1, 99) ? 'CIFAR-100 images' : null;
}
