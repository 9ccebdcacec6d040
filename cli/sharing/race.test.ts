import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { PrintedStanding } from '../racing';
import { encHere } from '../testing';
import { isToday } from '../../scripts/ofToday';

const folder = mkdtempSync(join(tmpdir(), 'enc-shared-race-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const text = (name: string) => readFileSync(at(name), 'utf8');

const model = 'sample:residual';
const race = [...['--target', '0.4', '--candidates', '3'], '--selection', model, '--selection-images', '90'];

it.runIf(isToday(2, 3))(
  'a race that several processes share ends as that of one process, whatever the split',
  async () => {
    const single = await encHere<{ standings: PrintedStanding[] }>('plan', model, ...race, '--method', 'inf');
    const share = (index: number, count: number) =>
      encHere<{ done: number }>('race', model, ...race, '--out', at('race'), '--shard', `${index}/${count}`);
    await share(2, 2);
    await expect(encHere('merge', at('race'))).rejects.toThrow(
      /expected all results, found \d+ of \d+; this does what is missing: enc race sample:residual .*--target 0\.4/,
    );
    await share(1, 3);
    await share(1, 1);
    expect((await share(1, 1)).done).toBe(0);
    const merged = await encHere<{ standings: PrintedStanding[] }>(
      'merge',
      at('race'),
      '--out',
      at('race.json'),
    );
    expect(merged.standings).toEqual(single.standings);
    expect(merged.standings.some(({ isWinner }) => isWinner)).toBe(true);

    const smaller = await encHere<{ ranks: object }>(
      ...['compress', model, '--ranks', at('race.json'), '--out', at('smaller.onnx')],
    );
    expect(smaller.ranks).toMatchObject(JSON.parse(text('race.json')).ranks as object);
  },
);

it.runIf(isToday(0, 3))('a figure that several processes share is that of one process', async () => {
  const what = ['--data', model, '--images', '70', '--targets', '0.4,0.6', '--methods', 'uniform,map'];
  await encHere('figure', model, ...what, '--out', at('single.json'), '--svg', at('single.svg'));
  for (const shard of ['2/3', '1/3', '3/3'])
    await encHere('figure', model, ...what, '--shard', shard, '--out', at('figure'));
  await encHere('merge', at('figure'), '--out', at('merged.json'), '--svg', at('merged.svg'));
  expect(text('merged.json')).toBe(text('single.json'));
  expect(text('merged.svg')).toBe(text('single.svg'));
});

it('plans go by the results of a sweep as they do by its curves', async () => {
  const sweep = [model, '--data', model, '--images', '20', '--ranks', '2', '--exhaustive'];
  await encHere('sweep', ...sweep, '--out', at('swept'));
  await encHere('merge', at('swept'), '--out', at('curves.json'));
  const plan = (curves: string) => encHere('plan', model, '--target', '0.5', '--curves', at(curves));
  expect(await plan('swept')).toEqual(await plan('curves.json'));
  const figure = ['--data', model, '--images', '10', '--targets', '0.5', '--methods', 'uniform'];
  await encHere('figure', model, ...figure, '--shard', '1/1', '--out', at('other'));
  await expect(plan('other')).rejects.toThrow(/expected results of enc sweep, found those of enc figure/);
  await expect(encHere('sweep', ...sweep, '--continue', '--out', at('other'))).rejects.toThrow(
    /other: expected the results of a sweep, found those of enc figure; give another folder\.$/,
  );
});
