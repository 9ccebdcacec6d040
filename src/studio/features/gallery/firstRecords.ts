/** Side of the samples' images, in pixels. */
export const thumbnailSide = 32;

const plane = thumbnailSide * thumbnailSide;
const recordLength = 1 + 3 * plane;

/**
 * The first images of a set in CIFAR-10's layout, packed by gzip or not, reading no further than needed.
 *
 * @returns an RGBA image each: side · side · 4 bytes
 */
export async function firstRecords(file: Blob, count: number): Promise<Uint8ClampedArray<ArrayBuffer>[]> {
  const head = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const isPacked = head[0] === 0x1f && head[1] === 0x8b;
  const stream = isPacked ? file.stream().pipeThrough(new DecompressionStream('gzip')) : file.stream();
  const bytes = await firstBytes(stream, count * recordLength);
  const found = Math.floor(bytes.length / recordLength);
  return Array.from({ length: found }, (_, image) =>
    recordPixels(bytes.subarray(image * recordLength, (image + 1) * recordLength)),
  );
}

async function firstBytes(stream: ReadableStream<Uint8Array>, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const reader = stream.getReader();
  let at = 0;
  while (at < length) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes.set(value.subarray(0, length - at), at);
    at += Math.min(value.length, length - at);
  }
  await reader.cancel();
  return bytes.subarray(0, at);
}

/** A label byte and the planes R, G, B → RGBA. */
function recordPixels(record: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * plane).fill(255);
  for (let index = 0; index < plane; index++) {
    for (let channel = 0; channel < 3; channel++) {
      pixels[4 * index + channel] = record[1 + channel * plane + index]!;
    }
  }
  return pixels;
}
