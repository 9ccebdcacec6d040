import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { referencePath } from '../scripts/reference';
import { encHere } from './testing';

const cases = referencePath('cases');
const at = (path: string) => join(cases ?? '', path);
const images = (path: string) => ['evaluate', 'sample:vgg', '--data', at(path)];
const network = (path: string) => ['plan', at(path), '--target', '0.5'];
const curves = (name: string) => [
  ...[...network('curves-json/net.onnx'), '--metric', 'divergence'],
  ...['--curves', at(`curves-json/${name}`)],
];

describe.skipIf(!cases)(
  'files that were read as something else (skipped without ../shared/reference)',
  () => {
    it.each<[string, readonly string[], RegExp]>([
      [
        'gzip with another checksum',
        images('crc-not-checked/gz-crc-mismatch-cifar'),
        /expected gzip data, but they are cut off or damaged/,
      ],
      [
        'a zip with another checksum',
        images('crc-not-checked/zip-crc-mismatch-cifar'),
        /"d\.bin" has another checksum than the archive states/,
      ],
      [
        'a Keras archive with another checksum',
        network('crc-not-checked/keras-crc-mismatch'),
        /"model\.weights\.h5" has another checksum/,
      ],
      [
        'a table of one line',
        images('csv-quadratic'),
        /expected a table of at most 50,000 columns, found 100,001/,
      ],
      [
        'pictures of no size',
        images('idx-16-bytes'),
        /expected at least one of everything, found 1000000000×0×0/,
      ],
      ['1.5 pictures', images('npy-extents/npy-fraction'), /its shape holds "1\.5", which counts nothing/],
      ['0x2 pictures', images('npy-extents/npy-hex'), /its shape holds "0x2", which counts nothing/],
      [
        'negative sides',
        images('npy-extents/npy-negative-hw'),
        /its shape holds "-32", which counts nothing/,
      ],
      ['−2 pictures', images('npy-extents/npy-negative-two'), /its shape holds "-2", which counts nothing/],
      ['a name of 32,000 folders', images('zip-deep-name/x.zip'), /leads through more than 100 folders/],
      [
        'a misspelt field of Caffe',
        network('onnx-ignored-attributes/caffe-conv-misspelt-field'),
        /expected a field that "convolution_param" has, found "strid"/,
      ],
      [
        'a kernel of another shape than is said',
        network('onnx-ignored-attributes/onnx-conv-kernelshape-wrong'),
        /its kernel_shape is 5×5, its kernel 3×3/,
      ],
      [
        'an attribute that no operator set has',
        network('onnx-ignored-attributes/onnx-conv-unknown-attribute'),
        /it has an attribute "stridez"/,
      ],
      [
        'a weight given twice',
        network('onnx-ignored-attributes/onnx-duplicate-initializers'),
        /found "w" as an initializer twice/,
      ],
      [
        'a weight that a node writes, too',
        network('onnx-ignored-attributes/onnx-initializer-shadows-output'),
        /found "w" as an initializer and as an output of a node/,
      ],
      [
        'curves with a damaged number',
        curves('1144.json'),
        /expected curves as enc curves --out writes them/,
      ],
      ['curves with another', curves('356.json'), /expected curves as enc curves --out writes them/],
      ['curves with a third', curves('760.json'), /expected curves as enc curves --out writes them/],
      [
        'answers that are no numbers, of labelled images',
        ['evaluate', at('nan-answers/overflow.onnx'), '--data', at('nan-answers/c.bin')],
        /^Layer "third": expected finite values for image \d+ of "c\.bin", found NaN or infinity/,
      ],
      [
        'answers that are no numbers, without labels',
        [
          ...['figure', at('nan-answers/overflow.onnx'), '--data', at('nan-answers/nolabels.npy')],
          ...['--targets', '0.4', '--methods', 'map', '--out', join(tmpdir(), 'never.json')],
        ],
        /expected finite values for image \d+ of "nolabels\.npy", found NaN or infinity/,
      ],
    ])('%s: a sentence', async (_, args, sentence) => {
      await expect(encHere(...args)).rejects.toThrow(sentence);
    });
  },
);
