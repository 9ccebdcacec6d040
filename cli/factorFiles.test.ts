import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { writeNetwork } from '../src/formats/models';
import type { LayerFactors } from '../src/network/factors';
import { chainOf, randomDense, seededNumbers } from '../src/network/testing/builders';
import { factorFiles, personalCaches } from './factorFiles';
import { encHere } from './testing';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'enc-factors-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

const keyOf = (digit: string) => digit.repeat(32);

function factors(seed: number): LayerFactors {
  const numbers = seededNumbers(seed);
  return {
    layer: 'dense',
    factorisation: 'dense',
    rank: 3,
    singularValues: Float64Array.of(3, 2, 1, 0.5),
    first: { shape: [5, 3], data: numbers.values(15) },
    second: { shape: [3, 4], data: numbers.values(12) },
  };
}

describe('files of factors', () => {
  it('give back what was saved, and nothing for what is damaged or not there', async () => {
    const place = join(folder, 'plain');
    const files = factorFiles(place);
    expect(await files.loadFactors(keyOf('a'))).toBeNull();
    await files.saveFactors(keyOf('a'), factors(1));
    await files.saveFactors(keyOf('b'), factors(2));
    expect(await files.loadFactors(keyOf('a'))).toEqual(factors(1));
    expect(await files.loadFactors(keyOf('b'))).toEqual(factors(2));
    const path = join(place, keyOf('a'));
    const whole = readFileSync(path);
    for (const damaged of [
      whole.subarray(0, -1),
      whole.subarray(0, 20),
      whole.map((byte, at) => byte ^ Number(at === 99)),
    ]) {
      writeFileSync(path, damaged);
      expect(await files.loadFactors(keyOf('a'))).toBeNull();
    }
  });

  it('make room by deleting what was used least recently, and nothing else', async () => {
    const place = join(folder, 'full');
    const sizes = factorFiles(place);
    await sizes.saveFactors(keyOf('0'), factors(0));
    const { size } = statSync(join(place, keyOf('0')));
    const files = factorFiles(place, 3 * size);
    writeFileSync(join(place, 'notes.txt'), new Uint8Array(10 * size));
    for (const digit of ['1', '2']) await files.saveFactors(keyOf(digit), factors(0));
    for (const [digit, seconds] of [
      ['0', 1],
      ['1', 2],
      ['2', 3],
    ] as const) {
      utimesSync(join(place, keyOf(digit)), seconds, seconds);
    }
    await files.loadFactors(keyOf('0'));
    await files.saveFactors(keyOf('3'), factors(0));
    expect(readdirSync(place).sort()).toEqual([keyOf('0'), keyOf('2'), keyOf('3'), 'notes.txt']);
  });

  it('are not kept where a person says so, and do without a place that cannot be written to', async () => {
    vi.stubEnv('ENC_CACHE', 'off');
    expect(personalCaches().leastWork).toBe(Infinity);
    const file = join(folder, 'file');
    writeFileSync(file, '');
    vi.stubEnv('ENC_CACHE', join(file, 'below'));
    const caches = personalCaches();
    expect(await caches.saveFactors(keyOf('a'), factors(1))).toBe(false);
    expect(await caches.loadFactors(keyOf('a'))).toBeNull();
    vi.stubEnv('ENC_CACHE', '');
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'home'));
    expect(await personalCaches().saveFactors(keyOf('a'), factors(1))).toBe(true);
    expect(readdirSync(join(folder, 'home', 'enc-studio', 'factors'))).toEqual([keyOf('a')]);
  });
});

describe('a command that factorises', () => {
  interface Curves {
    readonly layers: readonly { readonly name: string; readonly values: readonly number[] }[];
  }

  it('finds the factors of large layers again, and computes those of small ones', async () => {
    const numbers = seededNumbers(4);
    const large = randomDense(numbers, 640, 320);
    const network = chainOf([640], [large, randomDense(numbers, 320, 12), randomDense(numbers, 12, 10)]);
    const [file] = await writeNetwork(network, 'onnx');
    const model = join(folder, 'model.onnx');
    writeFileSync(model, file!.bytes);
    const place = join(folder, 'cache');
    vi.stubEnv('ENC_CACHE', place);
    const first = await encHere<Curves>('curves', model);
    const names = readdirSync(place);
    expect(names).toHaveLength(1);
    expect(await encHere<Curves>('curves', model)).toEqual(first);
    // What lies there is what is drawn.
    const files = factorFiles(place);
    const own = (await files.loadFactors(names[0]!))!;
    const flat = { ...own, singularValues: own.singularValues.map(() => 1) };
    await files.saveFactors(names[0]!, flat);
    const again = await encHere<Curves>('curves', model);
    expect(again.layers.slice(1)).toEqual(first.layers.slice(1));
    expect(again.layers[0]).not.toEqual(first.layers[0]);
  });
});
