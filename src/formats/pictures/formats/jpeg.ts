import { loadPart } from '../../../network/parts';
import { startsWith } from '../../content';
import { viewOf, type PictureFormat } from './format';

/** Segments of tables and notes, frames and scans (ITU-T T.81). */
export const jpeg: PictureFormat = {
  id: 'jpeg',
  title: 'JPEG',
  detect: (bytes) => startsWith(bytes, [0xff, 0xd8, 0xff]),
  size: (bytes) => {
    const frame = segmentsOf(bytes).find(({ marker }) => isFrame(marker));
    const view = viewOf(bytes);
    return frame ? { height: view.getUint16(frame.at + 5), width: view.getUint16(frame.at + 7) } : null;
  },
  unsupported: (bytes) => {
    const scans = segmentsOf(bytes).filter(({ marker }) => marker === startOfScan).length;
    return scans > maxScans ? `one of ${scans} scans, each of which goes over the whole picture` : null;
  },
  endsEarly: (bytes) => segmentsOf(bytes).at(-1)?.marker !== endOfImage,
  start: async (source) => {
    const module = await WebAssembly.compile(await source('jpeg'));
    const { init, default: decode } = await loadPart(
      'the decoder of JPEG pictures',
      () => import('@jsquash/jpeg/decode.js'),
    );
    // Its remarks on a picture would go to the terminal, where nobody knows which picture they mean.
    let remarks = '';
    const printErr = (remark: string) => (remarks += remark);
    await (init as unknown as Start)(module, { printErr });
    return async (bytes) => {
      remarks = '';
      const picture = await decode(bytes.slice().buffer, { preserveOrientation: true });
      // What is missing is grey: scans may be cut off before the end of the image.
      if (/premature end/i.test(remarks)) throw new RangeError(remarks);
      return picture;
    };
  },
};

/** Pictures in CMYK as Adobe writes them: MozJPEG gives no colours for these, so a decoder in JavaScript does. */
export const cmykJpeg: PictureFormat = {
  ...jpeg,
  id: 'jpeg-cmyk',
  detect: (bytes) => jpeg.detect(bytes) && componentsOf(bytes) === 4,
  unsupported: (bytes) => {
    const unusual = jpeg.unsupported?.(bytes) ?? null;
    if (unusual !== null) return unusual;
    const isAdobe = segmentsOf(bytes).some(
      ({ marker, at }) => marker === 0xee && startsWith(bytes, 'Adobe', at + 4),
    );
    return isAdobe ? null : 'CMYK without the marker of Adobe, which says what the values mean';
  },
  start: async () => {
    const { decode } = await loadPart('the decoder of CMYK pictures', () => import('jpeg-js'));
    return (bytes) => decode(bytes, { useTArray: true, tolerantDecoding: false, maxMemoryUsageInMB: 4096 });
  },
};

/** The packages' types leave out that a compiled module may be given. */
type Start = (module: WebAssembly.Module, options: object) => Promise<unknown>;

const endOfImage = 0xd9;
const startOfScan = 0xda;
/** Programs write a dozen; a thousand take a minute. */
const maxScans = 100;

/** SOF0 to SOF15, without the tables among them. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** A marker, and where its first byte is. */
interface Segment {
  readonly marker: number;
  readonly at: number;
}

/** Each question about a picture needs them. */
const walked = new WeakMap<Uint8Array, readonly Segment[]>();

/** All segments up to the end of the image, or of the file. */
function segmentsOf(bytes: Uint8Array): readonly Segment[] {
  const known = walked.get(bytes) ?? walk(bytes);
  walked.set(bytes, known);
  return known;
}

function walk(bytes: Uint8Array): readonly Segment[] {
  const segments: Segment[] = [];
  for (let at = 2; at + 1 < bytes.length;) {
    const marker = bytes[at + 1]!;
    // Strays before a marker, and fillers: decoders pass over both.
    if (bytes[at] !== 0xff || marker === 0xff || marker === 0) at++;
    else {
      segments.push({ marker, at });
      if (marker === endOfImage) break;
      at = endOfSegment(bytes, marker, at);
    }
  }
  return segments;
}

function endOfSegment(bytes: Uint8Array, marker: number, at: number): number {
  // Markers without content.
  if (marker === 1 || (marker >= 0xd0 && marker <= 0xd8)) return at + 2;
  const end = at + 2 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
  return marker === startOfScan ? endOfData(bytes, end) : end;
}

/** A scan's data goes on up to a marker that is no restart; 0xff 0x00 stands for a byte of it. */
function endOfData(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return bytes.length;
}

/** Colours that the frame holds; 0 where there is none. */
function componentsOf(bytes: Uint8Array): number {
  const frame = segmentsOf(bytes).find(({ marker }) => isFrame(marker));
  return frame ? (bytes[frame.at + 9] ?? 0) : 0;
}
