import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../../samples/manifest';
import { readManifest, samplePreprocessing, sampleNamed, type SampleManifest } from './manifest';

const whole = {
  classNames: ['A', 'B'],
  input: { channelOrder: 'RGB', mean: [128, 128, 128], scale: 0.015625 },
  networks: [
    {
      name: 'vgg',
      title: 'VGG-style letters',
      description: '8 convolutions',
      file: 'vgg.onnx',
      bytes: 2_000_000,
      parameters: 500_000,
      macs: 37_000_000,
      layers: [{ operator: 'Conv' }, { operator: 'Gemm' }],
      accuracy: { correct: 1471, count: 1560 },
    },
  ],
  imageSets: {
    calibration: { file: 'calibration.bin.gz', bytes: 930_094, count: 1040 },
    validation: { file: 'validation.bin.gz', bytes: 1_395_366, count: 1560 },
  },
} satisfies SampleManifest;

/** The manifest with one entry replaced, told by its path. */
function spoilt(path: string, value: unknown): string {
  const copy: unknown = structuredClone(whole);
  const keys = path.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], copy);
  (parent as Record<string, unknown>)[last] = value;
  return JSON.stringify(copy);
}

describe('readManifest', () => {
  it('reads what the page needs and leaves the rest', () => {
    expect(readManifest(JSON.stringify({ ...whole, seed: 7, sources: [] }))).toEqual(whole);
  });

  it.each([
    ['classNames', 'A B', 'expected a list in "classNames", found "A B"'],
    ['input.mean.1', 'high', 'expected a number in "input.mean[1]", found "high"'],
    ['input.channelOrder', 'HSV', 'expected RGB or BGR in "input.channelOrder", found "HSV"'],
    ['networks', [], 'expected a network in "networks", found none'],
    ['networks.0.title', undefined, 'expected a text in "networks[0].title", found nothing'],
    ['networks.0.bytes', null, 'expected a number in "networks[0].bytes", found null'],
    ['networks.0.accuracy', 94.3, 'expected an object in "networks[0].accuracy", found 94.3'],
    ['imageSets.validation', [], 'expected an object in "imageSets.validation", found []'],
    ['imageSets.calibration.file', '', 'expected a text in "imageSets.calibration.file", found ""'],
  ])('says what is wrong with %s', (path, value, sentence) => {
    expect(() => readManifest(spoilt(path, value))).toThrow(`samples/manifest.json: ${sentence}`);
  });

  it.each([
    ['', 'expected JSON, found nothing'],
    ['<!doctype html>', 'expected JSON, found other text'],
    ['[]', 'expected an object at its top, found []'],
  ])('refuses %j', (text, sentence) => {
    expect(() => readManifest(text)).toThrow(`samples/manifest.json: ${sentence}`);
  });

  it('reads what the recipe of the samples writes', (context) => {
    const path = fileURLToPath(new URL('../../../../public/samples/manifest.json', import.meta.url));
    if (!existsSync(path)) context.skip('needs public/samples/manifest.json');
    const text = readFileSync(path, 'utf8');
    const written = JSON.parse(text) as Manifest;
    const manifest = readManifest(text);
    expect(manifest.classNames).toEqual(written.classNames);
    expect(manifest.networks.map(({ name }) => name)).toEqual(['vgg', 'residual']);
    expect(manifest.imageSets.validation.bytes).toBe(written.imageSets.validation.bytes);
  });
});

describe('samplePreprocessing', () => {
  it('follows the manifest', () => {
    expect(samplePreprocessing(whole)).toEqual({ channels: 'rgb', mean: [128, 128, 128], scale: [0.015625] });
    const bgr = { ...whole, input: { ...whole.input, channelOrder: 'BGR' as const } };
    expect(samplePreprocessing(bgr).channels).toBe('bgr');
  });
});

describe('sampleNamed', () => {
  it('finds a network or names those there are', () => {
    expect(sampleNamed(whole, 'vgg').title).toBe('VGG-style letters');
    expect(() => sampleNamed(whole, 'resnet')).toThrow('There is no sample "resnet"; the samples are vgg.');
  });
});
