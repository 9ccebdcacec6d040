import { afterEach, expect, it } from 'vitest';
import { methods } from '../src/compression/methods';
import { map } from '../src/compression/methods/map';
import { backgroundJobs, lastingJobs } from '../src/project/jobs';
import { settingList } from '../src/project/settings';
import { createProgram } from './program';
import { encHere } from './testing';

const additions: (() => void)[] = [];
afterEach(() => additions.splice(0).forEach((takeOut) => takeOut()));

const helpOf = (name: string) =>
  createProgram()
    .commands.find((command) => command.name() === name)!
    .helpInformation()
    .replaceAll(/\s+/g, ' ');

it('offers every setting of the address to enc work', () => {
  for (const [, { address }] of settingList)
    if (address && !address.isOfLayers)
      expect(helpOf('work')).toMatch(new RegExp(`--${address.parameter} <(value|n, layer=n)`));
  for (const option of ['--include', '--keep', '--rank', '--bound', '--factorisation'])
    expect(helpOf('work')).toContain(`${option} <layer`);
});

it('lists and runs a method that is added', async () => {
  additions.push(methods.add({ ...map, id: 'toy', label: 'Toy' }));
  const names = methods.all.map(({ id }) => id).join(', ');
  for (const name of ['plan', 'compress', 'figure', 'work']) expect(helpOf(name)).toContain(names);
  const run = (method: string) =>
    encHere<{ recipe: string }>('plan', 'sample:vgg', '--method', method, '--target', '0.4');
  expect((await run('toy')).recipe).toBe((await run('map')).recipe);
});

it('lists a job that is added', () => {
  const [first] = backgroundJobs.all;
  additions.push(backgroundJobs.add({ ...first!, id: 'toy', kind: 'toy' }));
  expect(helpOf('work')).toContain(
    lastingJobs()
      .map(({ id }) => id)
      .join(', '),
  );
  expect(helpOf('work')).toContain(', toy');
});
