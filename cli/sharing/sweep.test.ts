import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kindOfFileName } from '../../src/project/sharing/statement';
import { isUnitFileName } from '../../src/project/sharing/units';
import { encHere } from '../testing';

const folder = mkdtempSync(join(tmpdir(), 'enc-sharing-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const text = (name: string) => readFileSync(at(name), 'utf8');
const unitsIn = (name: string) => readdirSync(at(name)).filter(isUnitFileName).sort();

const given = ['sample:residual', '--data', 'sample:residual'];
const few = ['--images', '66', '--ranks', '2', '--exhaustive'];

interface Swept {
  readonly shard: string;
  readonly done: number;
  readonly found: number;
}
const sweep = (results: string, ...more: string[]) =>
  encHere<Swept>('sweep', ...given, ...few, '--out', at(results), '--threads', '1', ...more);
const merge = (results: string, ...more: string[]) => encHere<object>('merge', at(results), ...more);

describe('a sweep that several processes share', () => {
  beforeAll(async () => {
    await encHere('curves', ...given, ...few, '--metric', 'divergence', '--out', at('single.json'));
    for (const index of [3, 1, 2]) await sweep('results', '--shard', `${index}/3`);
  });

  it('gives the curves of one process, byte for byte', async () => {
    await merge('results', '--out', at('merged.json'));
    expect(text('merged.json')).toBe(text('single.json'));
    expect(readdirSync(at('results')).filter((name) => name.endsWith('.part'))).toEqual([]);
    await expect(merge('results', '--svg', at('merged.svg'))).rejects.toThrow(
      /^--svg: expected results of a figure, found those of a sweep, which has no picture; leave --svg out\.$/,
    );
  });

  it('finds all of it done, whatever the split is then', async () => {
    const again = await sweep('results', '--shard', '2/2');
    expect(again.done).toBe(0);
    expect(again.found).toBeGreaterThan(0);
  });

  it('says what is missing and how to fill it; that does only what is missing', async () => {
    cpSync(at('results'), at('lossy'), { recursive: true });
    const names = unitsIn('lossy');
    rmSync(join(at('lossy'), names[0]!));
    truncateSync(join(at('lossy'), names[1]!), 100);
    writeFileSync(join(at('lossy'), names[2]!), '');
    await expect(merge('lossy')).rejects.toThrow(
      new RegExp(
        `expected all results, found ${names.length - 3} of ${names.length}; this does what is missing: ` +
          `enc sweep sample:residual --data sample:residual .*--exhaustive .*--out `,
      ),
    );
    const filled = await sweep('lossy');
    expect([filled.done, filled.found]).toEqual([3, names.length - 3]);
    await merge('lossy', '--out', at('filled.json'));
    expect(text('filled.json')).toBe(text('single.json'));
  });

  it('waits for what is missing where asked to', async () => {
    cpSync(at('results'), at('watched'), { recursive: true });
    const [name] = unitsIn('watched');
    const unit = readFileSync(join(at('watched'), name!));
    rmSync(join(at('watched'), name!));
    const merging = merge('watched', '--watch', '--out', at('waited.json'));
    writeFileSync(join(at('watched'), name!), unit);
    await merging;
    expect(text('waited.json')).toBe(text('single.json'));
  });

  it.each<[string, string[], RegExp]>([
    [
      'settings',
      ['--ranks', '4'],
      /found two settings of settings\.ranksPerLayer, (2 and 4|4 and 2); give each a folder/,
    ],
    ['numbers of images', ['--images', '67'], /found two settings of count, (66 and 67|67 and 66);/],
    ['preprocessings', ['--scale', '0.5'], /found two settings of selection\.preprocessing\.scale/],
    [
      'metrics',
      ['--metric', 'measured'],
      /found two settings of metric, "divergence" and "measured"|"measured" and/,
    ],
  ])('of two %s is refused by name', async (what, more, sentence) => {
    cpSync(at('results'), at(what), { recursive: true });
    // More shards than there is to do: the last one only states what it would be about.
    await sweep(what, ...more, '--shard', '9999/9999');
    await expect(merge(what)).rejects.toThrow(sentence);
  });

  it('of two networks, or with results of others, is refused by name', async () => {
    cpSync(at('results'), at('mixed'), { recursive: true });
    await encHere(
      'sweep',
      'sample:vgg',
      '--data',
      'sample:vgg',
      ...few,
      '--out',
      at('other'),
      '--shard',
      '1/40',
    );
    const statement = readdirSync(at('other')).find((name) => kindOfFileName(name) !== null)!;
    const [unit] = unitsIn('other');
    cpSync(join(at('other'), unit!), join(at('mixed'), unit!));
    await expect(merge('mixed')).rejects.toThrow(/expected a result of .* found one of another network/);
    cpSync(join(at('other'), statement), join(at('mixed'), statement));
    await expect(merge('mixed')).rejects.toThrow(
      /found two networks, .* \([0-9a-f]{32}\) and .* \([0-9a-f]{32}\)/,
    );
  });

  it('is planned alike whoever asks, with predicted minutes', async () => {
    const plan = () =>
      encHere<{ shards: { shard: string; macs: number; minutes: number }[]; minutes: { total: number } }>(
        ...['sweep', ...given, ...few, '--plan', '5'],
      );
    const [one, other] = [await plan(), await plan()];
    expect(one.shards.map(({ shard }) => shard)).toEqual(['1/5', '2/5', '3/5', '4/5', '5/5']);
    expect(other.shards.map(({ macs }) => macs)).toEqual(one.shards.map(({ macs }) => macs));
    expect(one.shards.every(({ minutes }) => minutes > 0)).toBe(true);
  });

  it('stops at a signal with a status of its own, and goes on from what was written', async () => {
    const main = fileURLToPath(new URL('../enc.mjs', import.meta.url));
    const args = [main, 'sweep', ...given, ...few, '--out', at('stopped'), '--threads', '1'];
    const child = spawn(process.execPath, args);
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    const status = new Promise<number | null>((resolve) => child.on('close', resolve));
    const hasBegun = () => {
      try {
        return unitsIn('stopped').length > 0;
      } catch {
        return false;
      }
    };
    while (!hasBegun()) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGTERM');
    expect(await status).toBe(75);
    expect(stderr).toMatch(/Stopped by SIGTERM: \d+ units were done and lie in .*stopped/);
    const before = unitsIn('stopped').length;
    const rest = await sweep('stopped');
    expect(rest.found).toBe(before);
    await merge('stopped', '--out', at('resumed.json'));
    expect(text('resumed.json')).toBe(text('single.json'));
  });
});

it('results of nothing are refused', async () => {
  await expect(merge('nowhere')).rejects.toThrow(/expected a folder of results, found none/);
  writeFileSync(at('file.json'), '{}');
  await expect(encHere('merge', folder)).rejects.toThrow(/expected results of enc sweep.*, found none/);
});
