import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { installedCodecs } from '../../cli/codecs';
import type { Activation } from '../network/graph';
import { chainOf } from '../network/testing/builders';
import type { NamedFile } from './file';
import { openImageFiles } from './images';
import { readNetwork, writeNetwork } from './models';
import { sortFiles } from './sorting';
import {
  caffeChain,
  functionalChain,
  graphChain,
  nestedLists,
  nestedModels,
  onePixel,
  sequentialChain,
  textFile,
} from './testing/hostile';
import { sentenceOf } from './testing/sentences';

const tooMany = (what: string) =>
  new RegExp(`expected at most 20,000 ${what}, found more; save a smaller network\\.$`);
const textOf = ({ bytes }: NamedFile) => new TextDecoder().decode(bytes);
const replaced = (file: NamedFile, from: string, to: string) => {
  expect(textOf(file)).toContain(from);
  return textFile(file.name, textOf(file).replace(from, to));
};

const images = (...files: readonly NamedFile[]) => openImageFiles(files, installedCodecs);
const picture = { name: 'a.png', bytes: onePixel };
const onnxChain = (count: number) => reluChain(count, 'onnx');
const reluChain = (count: number, format: string) => {
  const relu: Activation = { kind: 'activation', function: 'relu', alpha: 0, beta: 0 };
  return writeNetwork(
    chainOf(
      [4],
      Array.from({ length: count }, () => relu),
    ),
    format,
  );
};

describe('networks of very many layers', () => {
  const many = 30_000;
  it.each<[string, () => Promise<readonly NamedFile[]> | readonly NamedFile[], string]>([
    ['a Sequential model', () => [sequentialChain(many)], 'layers'],
    ['a Functional model', () => [functionalChain(many)], 'layers'],
    ['a GraphModel', () => [graphChain(many)], 'nodes'],
    ['a Caffe net in place', () => caffeChain(30_000, true), 'layers'],
    ['a Caffe net', () => caffeChain(30_000, false), 'layers'],
    ['an ONNX network', () => onnxChain(many), 'nodes'],
    ['a TensorFlow Lite network', () => reluChain(many, 'tflite'), 'operators'],
    ['models that call models', () => [nestedModels(8, 10)], 'calls of layers'],
  ])('are refused: %s', async (_, files, what) => {
    const given = await files();
    expect(await sentenceOf(() => readNetwork(given))).toMatch(tooMany(what));
  });

  it.each<[string, (count: number) => Promise<readonly NamedFile[]> | readonly NamedFile[]]>([
    ['a Sequential model', (count) => [sequentialChain(count)]],
    ['a Functional model', (count) => [functionalChain(count)]],
    ['a GraphModel', (count) => [graphChain(count)]],
    ['a Caffe net in place', (count) => caffeChain(count, true)],
    ['an ONNX network', (count) => onnxChain(count)],
    ['a TensorFlow Lite network', (count) => reluChain(count, 'tflite')],
  ])('take time in proportion while they are not too many: %s', async (_, files) => {
    const timeOf = async (count: number) => {
      const given = await files(count);
      const before = process.cpuUsage();
      expect((await readNetwork(given)).nodes.length).toBe(count);
      return process.cpuUsage(before).user;
    };
    await timeOf(4000);
    // Quadratic would be 25.
    expect((await timeOf(19_000)) / (await timeOf(3800))).toBeLessThan(15);
  });
});

describe('what lies deep inside itself', () => {
  const deep = nestedLists(100_000);
  const model = functionalChain(1);
  const found = /found JSON text with lists and objects more than 128 deep in one another;/;
  it.each([
    ['a setting', replaced(model, '"name":"r0"}', `"name":"r0","x":${deep}}`)],
    ['an argument', replaced(model, '{}]]]', `{"y":${deep}}]]]`)],
    ['the outputs', replaced(model, '[["r0",0,0]]', deep)],
    ['the input shape', replaced(model, '[null,4]', deep)],
    ['the weights', replaced(model, '"weightsManifest":[]', `"weightsManifest":${deep}`)],
    ['a graph’s attribute', replaced(graphChain(1), '"attr":{}', `"attr":{"s":${deep}}`)],
  ])('is refused: %s', async (_, file) => {
    expect(await sentenceOf(() => readNetwork([file]))).toMatch(found);
  });

  it('is refused in tables, prototxts and names', async () => {
    expect(await sentenceOf(() => images(picture, textFile('t.json', deep)))).toBe(
      't.json: expected JSON, found lists and objects more than 128 deep in one another; mend the file or write it anew.',
    );
    const [prototxt, caffemodel] = caffeChain(1, true, 'layer {'.repeat(10_000));
    expect(await sentenceOf(() => readNetwork([prototxt!, caffemodel!]))).toMatch(
      /messages inside messages more than 32 deep/,
    );
    const name = `${'a/'.repeat(30_000)}a.png`;
    const zip = { name: 'x.zip', bytes: zipSync({ [name]: onePixel }) };
    expect(await sentenceOf(() => images(zip))).toBe(
      `x.zip: expected a zip archive with names inside the archive, found "${name.slice(0, 80)}…", which leads through more than 100 folders; it was not unpacked.`,
    );
  });

  it('counts only what is no text', async () => {
    const file = replaced(model, '"name":"r0"}', `"name":"r0","x":"\\"${'['.repeat(1000)}"}`);
    expect((await readNetwork([file])).nodes.length).toBe(1);
  });
});

describe('long texts and lists', () => {
  it('of 200,000 characters in a graph are read', async () => {
    const codes = Array<number>(200_000).fill(65);
    const graph = replaced(
      graphChain(1, { data_format: { s: codes }, padding: { s: codes } }),
      'Relu',
      'AvgPool',
    );
    const [node] = (await readNetwork([graph])).nodes;
    expect(node!.operator).toMatchObject({ kind: 'unsupported', operator: 'AvgPool' });
  });

  it('of millions of characters in a prototxt are read', async () => {
    const long = 'a\\"\\\\'.repeat(2_000_000);
    const files = caffeChain(2, true, `# ${long}\nname: "${long}"\n${'#\n'.repeat(100_000)}`);
    const { name, nodes } = await readNetwork(files);
    expect([name.length, nodes.length]).toEqual([6_000_000, 2]);
  });

  it('of 130,000 classes in a table are read', async () => {
    const rows = Array.from({ length: 130_000 }, (_, index) => `b${index}.png,c${index}`);
    const set = await images(picture, textFile('t.csv', ['file,label', 'a.png,c7', ...rows].join('\n')));
    expect(set.count).toBe(1);
  });

  it('of slashes and blanks are no names', async () => {
    const table = textFile('t.csv', `a.png,cat\n${'b/'.repeat(200_000)},dog`);
    expect((await images(picture, table)).classNames).toEqual(['cat']);
    const list = textFile('classes.txt', `cat${' '.repeat(100_000)}7 x\ndog`);
    expect((await images(picture, list)).count).toBe(1);
  });

  it('as rows of very different lengths are refused', async () => {
    const wide = 'a,'.repeat(40_000);
    expect(await sentenceOf(() => images(picture, textFile('t.csv', wide + '\nb'.repeat(40_000))))).toBe(
      't.csv: expected rows with about as many cells each, found one of 40,001 among 40,001 rows that mostly have fewer; write a row per picture.',
    );
    expect(await sentenceOf(() => images(picture, textFile('t.csv', 'a,'.repeat(300_000))))).toBe(
      't.csv: expected a table of at most 50,000 columns, found 300,001; write a row per picture.',
    );
  });

  it('as many files take time in proportion', async () => {
    const timeOf = async (count: number) => {
      const entries = Array.from({ length: count }, (_, index) => [`${index}.txt`, onePixel] as const);
      const zip = { name: 'x.zip', bytes: zipSync(Object.fromEntries(entries)) };
      const before = process.cpuUsage();
      expect(sortFiles([zip]).images.length).toBe(count);
      const wanted = { height: 2, width: 2, channels: 3, classes: 2, classNames: null };
      expect((await openImageFiles([zip], installedCodecs, wanted)).count).toBe(count);
      return process.cpuUsage(before).user;
    };
    await timeOf(400);
    expect((await timeOf(4000)) / (await timeOf(800))).toBeLessThan(15);
  });
});
