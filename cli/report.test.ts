import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { isOriginal } from '../src/compression/recipe';
import type { Document } from '../src/project/document';
import { encHere } from './testing';

const folder = mkdtempSync(join(tmpdir(), 'enc-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Worked {
  readonly measurements: readonly {
    readonly methods: readonly string[];
    readonly top1: number;
    readonly count: number;
  }[];
}

it('reports what enc work measures, as HTML and as Markdown, and goes on from its own command', async () => {
  const out = join(folder, 'report.html');
  const project = join(folder, 'project.json');
  const asked = [
    'report',
    'sample:residual',
    '--data',
    'sample:residual',
    '--jobs',
    'measure',
    '--metric',
    'energy',
  ];
  const [one, two, three, four] = [1, 2, 3, 4].map((block) => `stage3/block${block}/conv1`);
  const byHand = [
    ...['--keep', four!, '--rank', `${one}=12`, `/conv/Conv=5`, '--bound', `${two}=..9`],
    ...['--factorisation', `${three}=channel`],
  ];
  const more = ['--split', '16,64', '--target', '0.4', '--project', project, ...byHand];
  const { measurements } = await encHere<Worked>(...asked, ...more, '--out', out);
  const html = readFileSync(out, 'utf8');
  const map = measurements.find(({ methods }) => methods.includes('map'))!;
  const number = (value: number) => value.toLocaleString('en-US');
  expect(html).toContain(`(${number(map.top1)} of ${number(map.count)})`);
  expect(html).toContain(`${((100 * map.top1) / map.count).toFixed(1)}\u00a0%`);
  expect(html).not.toContain('<script');
  expect(html).toContain('enc report sample:residual --data sample:residual --target 0.4');
  expect(html).toContain(
    `--keep /${four}/Conv --rank /conv/Conv=5 /${one}/Conv=12 --bound /${two}/Conv=..9 --factorisation /${three}/Conv=channel`,
  );
  // Every plan keeps to what was decided.
  const { recipes } = JSON.parse(readFileSync(project, 'utf8')) as Pick<Document, 'recipes'>;
  const cut = Object.values(recipes).filter((recipe) => !isOriginal(recipe));
  expect(cut.length).toBeGreaterThan(1);
  for (const { layers } of cut) {
    expect(layers['/conv/Conv']).toMatchObject({ rank: 5 });
    expect(layers[`/${one}/Conv`]).toMatchObject({ rank: 12, factorisation: 'spatial' });
    expect(layers[`/${two}/Conv`]).toMatchObject({ kind: 'low-rank' });
    expect((layers[`/${two}/Conv`] as { rank: number }).rank).toBeLessThanOrEqual(9);
    expect(layers[`/${three}/Conv`]).toMatchObject({ factorisation: 'channel' });
    expect(layers[`/${four}/Conv`]?.kind).not.toBe('low-rank');
  }

  // Everything was done already: the same numbers from the document.
  const markdown = join(folder, 'report.md');
  await encHere<Worked>(...asked, ...more, '--out', markdown);
  expect(readFileSync(markdown, 'utf8')).toContain(`${number(map.top1)} of ${number(map.count)}`);
  await expect(encHere(...asked, '--out', join(folder, 'report.pdf'))).rejects.toThrow(
    /^--out: expected \.html or \.md, found ".*report\.pdf"; end the name so\.$/,
  );
});
