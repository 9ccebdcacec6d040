import { gzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { installedCodecs } from '../../../cli/codecs';
import { plainPictures } from '../../../cli/testPictures';
import type { NamedFile } from '../file';
import { openImageFiles } from '../images';
import { sortFiles } from '../sorting';

const open = (...files: readonly NamedFile[]) => openImageFiles(files, installedCodecs);
const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const file = (name: string, content: string): NamedFile => ({ name, bytes: latin(content) });

// As Python writes them: the protocol, a dictionary or a tuple, and a full stop.
const batch = file(
  'cifar-10-batches-py/test_batch',
  '\x80\x02}q\x01(U\x0bbatch_labelq\x02U\x15testing batchu.',
);
const pickle = file('digits.pkl', '\x80\x04\x95\x05\0\0\0\0\0\0\0]\x94.');

describe('files of images that only Python or MATLAB opens', () => {
  it('are called what they are, with the line that makes arrays of them', async () => {
    await expect(open(batch)).rejects.toThrow(
      /^cifar-10-batches-py\/test_batch: expected images, found a CIFAR batch for Python, a pickle .*python3 -c "import pickle,numpy; .*open\('test_batch'.*savez\('test_batch\.npz'/,
    );
    const cases: readonly (readonly [NamedFile, RegExp])[] = [
      [pickle, /found a Python pickle.*open\('digits\.pkl'.*'digits\.npz'/],
      [
        { name: 'mnist.pkl.gz', bytes: gzipSync(pickle.bytes) },
        /^mnist\.pkl\.gz: .*found a Python pickle.*'mnist\.npz'/,
      ],
      [
        file('test_32x32.mat', 'MATLAB 5.0 MAT-file, Platform: GLNXA64'),
        /found a MATLAB file; .*scipy\.io\.loadmat\('test_32x32\.mat'\)/,
      ],
      [
        file('a.mat', 'MATLAB 7.3 MAT-file, Platform: GLNXA64'),
        /found a MATLAB file of version 7\.3; .*h5py\.File\('a\.mat'\)/,
      ],
      [
        { name: 'test.pt', bytes: zipSync({ 'test/data.pkl': pickle.bytes, 'test/data/0': latin('1234') }) },
        /^test\.pt: .*found a file that PyTorch saved \(a network is to be exported by torch\.onnx\.export.*torch\.load\('test\.pt'\)/,
      ],
      [
        file('old.pt', '\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.'),
        /^old\.pt: .*found a file that PyTorch saved/,
      ],
      [file("it's.mat", 'MATLAB 5.0 MAT-file'), /^it's\.mat: .*loadmat\('FILE'\)/],
    ];
    for (const [given, sentence] of cases) await expect(open(given)).rejects.toThrow(sentence);
  });

  it('of a whole folder are named by the largest, not by the notes beside', async () => {
    const meta = file('cifar-10-batches-py/batches.meta', '\x80\x02}q\x01U\x0blabel_namesq\x02s.');
    const readme = file('cifar-10-batches-py/readme.html', '<html></html>');
    await expect(open(meta, readme, batch)).rejects.toThrow(/^cifar-10-batches-py\/test_batch: /);
  });

  it('are left out and named beside images that can be read', async () => {
    const [picture] = await plainPictures('a.png');
    const images = await open(picture!, batch);
    expect(images).toMatchObject({ count: 1, leftOut: [{ name: batch.name }] });
    expect(images.leftOut![0]!.reason).toMatch(/^expected images, found a CIFAR batch for Python/);
  });

  it('stay whole where they are archives, so that a drop is told what they are', () => {
    const torch = { name: 'test.pt', bytes: zipSync({ 'test/data.pkl': pickle.bytes }) };
    expect(sortFiles([torch]).images.concat(sortFiles([torch]).network)).toEqual([torch]);
  });
});
