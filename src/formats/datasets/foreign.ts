import { startsWith } from '../content';
import { baseName, type NamedFile } from '../file';
import { gunzipped } from '../gzip';
import { isZip } from '../zip';
import { listedNames } from '../../network/zipDirectory';

/** A format of images that only Python or MATLAB opens, and how to make one of it that is read here. */
interface ForeignFormat {
  /** "a Python pickle" */
  readonly is: string;
  readonly detect: (file: NamedFile) => boolean;
  /**
   * The program that converts a file, for `python3 -c`.
   *
   * @param name of the file
   * @param to name of the archive of arrays that it writes
   */
  readonly program: (name: string, to: string) => string;
}

const textIn = ({ bytes }: NamedFile, length: number) =>
  new TextDecoder('latin1').decode(bytes.subarray(0, length));
/** Pickles from protocol 2 on begin with a number for it and end with a full stop. */
const isPickle = ({ bytes }: NamedFile) =>
  bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5 && bytes.at(-1) === 0x2e;

const formats: readonly ForeignFormat[] = [
  {
    is: 'a CIFAR batch for Python, a pickle that only Python can open',
    detect: (file) => isPickle(file) && /batch_label|fine_labels|label_names/.test(textIn(file, 4096)),
    program: (name, to) =>
      `import pickle,numpy; d=pickle.load(open('${name}','rb'),encoding='bytes'); ` +
      `numpy.savez('${to}',x=d[b'data'].reshape(-1,3,32,32),y=d.get(b'labels') or d[b'fine_labels'])`,
  },
  {
    is: 'a file that PyTorch saved (a network is to be exported by torch.onnx.export instead)',
    detect: (file) =>
      (isZip(file) && listedNames(file).some((name) => /(^|\/)data\.pkl$/.test(name))) ||
      startsWith(file.bytes, [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9]),
    program: (name, to) =>
      `import torch,numpy; x,y=torch.load('${name}')[:2]; numpy.savez('${to}',x=x.numpy(),y=y.numpy())`,
  },
  {
    is: 'a Python pickle, which only Python can open',
    detect: isPickle,
    program: (name, to) =>
      `import pickle,numpy; x,y=pickle.load(open('${name}','rb'),encoding='latin1'); numpy.savez('${to}',x=x,y=y)`,
  },
  {
    is: 'a MATLAB file of version 7.3',
    detect: (file) => startsWith(file.bytes, 'MATLAB 7.3'),
    program: (name, to) =>
      `import h5py,numpy; f=h5py.File('${name}'); ` +
      `numpy.savez('${to}',x=f['X'][()].swapaxes(2,3),y=f['y'][()].ravel())`,
  },
  {
    is: 'a MATLAB file',
    detect: (file) => startsWith(file.bytes, 'MATLAB 5.0 MAT-file'),
    program: (name, to) =>
      `import scipy.io,numpy; f=scipy.io.loadmat('${name}'); ` +
      `numpy.savez('${to}',x=numpy.moveaxis(f['X'],3,0),y=f['y'].ravel())`,
  },
];

/** The format of a file that is recognised and not read here; null for every other file. */
function foreignFormat(file: NamedFile): ForeignFormat | null {
  // Others need not be unpacked to see that they are none.
  const unpacked = /(pkl|pickle|mat|pth?)[^/]*\.gz$/i.test(file.name) ? gunzipped(file) : file;
  return formats.find(({ detect }) => detect(unpacked)) ?? null;
}

/** Whether a file is of a format that is recognised and not read here. */
export function isForeign(file: NamedFile): boolean {
  return foreignFormat(file) !== null;
}

/** Keeps archives of such a format whole. */
export const foreign = {
  detect: (files: readonly NamedFile[]): number => (files.some(isForeign) ? 1 : 0),
};

/** What such a file is, and the line that makes arrays of it, without the file's name before it. */
export function foreignSentence(file: NamedFile): string {
  const format = foreignFormat(file)!;
  const name = baseName(file.name);
  const to = `${name.replace(/\.(pkl|pickle|pt|pth|mat)?(\.gz)?$/i, '')}.npz`;
  // Names with quotes would end the program's texts.
  const isPlain = /^[\w.+-]+$/.test(name);
  const program = format.program(isPlain ? name : 'FILE', isPlain ? to : 'FILE.npz');
  return `expected images, found ${format.is}; make arrays of it by python3 -c "${program}"`;
}
