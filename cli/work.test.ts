import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isToday } from '../scripts/ofToday';
import { racedMethods } from '../src/compression/methods';
import { originalRecipe, recipeKey } from '../src/compression/recipe';
import type { Document } from '../src/project/document';
import { readDocument } from '../src/project/documentText';
import { measuring, racing, repairing, sweeping } from '../src/project/kinds';
import type { DoneTask } from './doing';
import { encHere } from './testing';

const folder = mkdtempSync(join(tmpdir(), 'enc-work-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Worked {
  readonly done: readonly DoneTask[];
  readonly measurements: readonly {
    readonly recipe: string;
    readonly top1: number;
    readonly count: number;
  }[];
}

describe('enc work', () => {
  const project = join(folder, 'project.json');
  const few = ['--split', '24,12', '--candidates', '2', '--target', '0.3', '--project', project];
  const work = (...args: string[]) =>
    encHere<Worked>(
      ...['work', 'sample:vgg', '--data', 'sample:vgg', '--calibration', 'sample:vgg'],
      ...few,
      ...args,
    );
  const read = (): Document => readDocument(readFileSync(project, 'utf8'), 'project.json');
  let first: Worked;
  beforeAll(async () => {
    first = await work();
  });

  it('refuses a project that is no file', async () => {
    await expect(work('--project', folder)).rejects.toThrow(
      /: expected a file that can be read, found none; check the path\.$/,
    );
  });

  it('does everything that the page does by itself, and writes it down', () => {
    const kinds = new Set(first.done.map(({ job }) => job));
    expect([...kinds].sort()).toEqual([measuring, racing, repairing, sweeping].sort());
    const { measurements, repairs, finishedSweeps, races, settings, network } = read();
    expect(settings).toMatchObject({ target: 0.3, candidates: 2, split: { calibration: 24, selection: 12 } });
    // The chosen plan's and that of the race's winner, which it is compared with.
    expect([Object.keys(repairs).length, finishedSweeps.length]).toEqual([2, 1]);
    expect(Object.keys(races).length).toBe(racedMethods().length);
    expect(first.measurements.length).toBe(Object.keys(measurements).length);
    // Only plans by the curves that drive them in the end: nothing was run in vain.
    const cut = first.measurements.filter(
      ({ recipe }) => recipe !== recipeKey(originalRecipe(network!.fingerprint)),
    );
    expect(cut.length).toBeLessThanOrEqual(5);
  });

  it('finds everything done when it is called again', async () => {
    const before = read();
    const again = await work();
    expect(again.done).toEqual([]);
    expect(read()).toEqual(before);
  });

  it.runIf(isToday(1, 3))('does only what is asked for, and what is new', async () => {
    const { done } = await work(
      '--jobs',
      `${measuring},${sweeping}`,
      '--target',
      '0.6',
      '--method',
      'uniform',
    );
    expect(new Set(done.map(({ job }) => job))).toEqual(new Set([measuring]));
    expect(read().settings).toMatchObject({ target: 0.6, method: 'uniform', candidates: 2 });
  });

  it('measures what enc evaluate does', async () => {
    const { recipe, top1, images } = await encHere<{ recipe: string; top1: number; images: number }>(
      ...['evaluate', 'sample:vgg', '--data', 'sample:vgg'],
    );
    const own = first.measurements.find((measurement) => measurement.recipe === recipe)!;
    expect([own.top1 / own.count, own.count]).toEqual([top1, images]);
  });

  it('refuses the project of another network, and what is none', async () => {
    const other = (file: string) =>
      encHere('work', 'sample:residual', '--data', 'sample:residual', '--project', file);
    await expect(other(project)).rejects.toThrow(
      /project\.json: expected a project of this network, found one of/,
    );
    const damaged = join(folder, 'damaged.json');
    writeFileSync(damaged, readFileSync(project, 'utf8').replace('"target":', '"tarjet":'));
    await expect(other(damaged)).rejects.toThrow(/damaged\.json: .*It is no project of ENC Studio/);
  });

  it('refuses values that a setting cannot have, and jobs that are not there', async () => {
    await expect(work('--target', '2')).rejects.toThrow('--target: expected');
    await expect(work('--metric', 'magic')).rejects.toThrow(/--metric: expected auto, energy.*found "magic"/);
    // Times hold for the session that measured them, so there is nothing of them to write down.
    for (const name of ['magic', 'latency'])
      await expect(work('--jobs', name)).rejects.toThrow(
        `--jobs: expected curves, layer-times, detect, class-order, measure, race, repair, distil, sweep, found "${name}"; choose one of these.`,
      );
  });
});
