import { createRequire } from 'node:module';
import type { NamedFile } from '../src/formats/file';

/** What of OpenCV's module is used here; its own types leave the networks out. */
interface OpenCv {
  readonly CV_32F: number;
  getBuildInformation(): string;
  exceptionFromPtr(pointer: number): { readonly msg: string };
  FS_createDataFile(
    folder: string,
    name: string,
    bytes: Uint8Array,
    canRead: boolean,
    canWrite: boolean,
    canOwn: boolean,
  ): void;
  FS_unlink(path: string): void;
  matFromArray(rows: number, columns: number, type: number, values: Float32Array): Mat;
  blobFromImage(image: Mat, scale: number, size: unknown, mean: unknown, swaps: boolean, crops: boolean): Mat;
  Size: new (width: number, height: number) => unknown;
  Scalar: new (...values: number[]) => unknown;
  readNetFromCaffe(prototxt: string, caffemodel: string): Net;
}

interface Mat {
  readonly data32F: Float32Array;
  delete(): void;
}

interface Net {
  setInput(blob: Mat): void;
  forward(): Mat;
  delete(): void;
}

/** A net of Caffe in OpenCV's own engine, compiled to WebAssembly. */
export interface OpenCvNet {
  readonly runtime: string;
  /**
   * @param image height × width × channels, of float32
   * @returns the net's answer in the order of its memory: channels before rows before columns
   * @throws Error with OpenCV's sentence where it cannot compute the net
   */
  run(image: Float32Array, shape: readonly [number, number, number]): Float32Array;
  close(): void;
}

let started: ReturnType<typeof start> | undefined;

/**
 * Opens a prototxt and its caffemodel by OpenCV, which reads both with a reader of its own.
 *
 * @throws Error with OpenCV's sentence where it cannot read them
 */
export async function openInOpenCv(files: readonly NamedFile[]): Promise<OpenCvNet> {
  const { cv } = await (started ??= start());
  const held = ['.prototxt', '.caffemodel'].map((ending) => {
    const found = files.find(({ name }) => name.endsWith(ending));
    if (!found)
      throw new Error(`expected a file *${ending}, found ${files.map(({ name }) => name).join(', ')}`);
    const name = `net${ending}`;
    cv.FS_createDataFile('/', name, found.bytes, true, true, false);
    return name;
  });
  const net = said(cv, () => cv.readNetFromCaffe(held[0]!, held[1]!));
  for (const name of held) cv.FS_unlink(`/${name}`);
  return {
    runtime: `OpenCV ${/OpenCV (\S+)/.exec(cv.getBuildInformation())![1]!}`,
    run: (image, [height, width, channels]) =>
      said(cv, () => {
        // Types of several channels are numbered by eights: CV_32FC1 is 5, CV_32FC2 13.
        const type = cv.CV_32F + 8 * (channels - 1);
        const picture = cv.matFromArray(height, width, type, image);
        const size = new cv.Size(width, height);
        const blob = cv.blobFromImage(picture, 1, size, new cv.Scalar(0, 0, 0, 0), false, false);
        net.setInput(blob);
        const answer = net.forward();
        const values = answer.data32F.slice();
        for (const mat of [picture, blob, answer]) mat.delete();
        return values;
      }),
    close: () => net.delete(),
  };
}

/** In an object of its own: the module has a `then` that never ends, so that no promise may hold it. */
async function start(): Promise<{ readonly cv: OpenCv }> {
  const cv = createRequire(import.meta.url)('@techstark/opencv-js') as OpenCv;
  if (!('readNetFromCaffe' in cv))
    await new Promise<void>((resolve) => Object.assign(cv, { onRuntimeInitialized: () => resolve() }));
  return { cv };
}

/** OpenCV throws numbers: places of its exceptions in its memory. */
function said<T>(cv: OpenCv, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    throw typeof error === 'number' ? new Error(cv.exceptionFromPtr(error).msg) : error;
  }
}
