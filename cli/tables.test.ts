import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PrintedPlan } from './planning';
import { encJson, runEnc } from './testing';

const folder = mkdtempSync(join(tmpdir(), 'enc-tables-'));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  const files = {
    'Net_def.txt': '1 4 0 0 0 0 40 400\n2 4 0 0 0 0 20 200\n',
    'R_list.txt': '1 1\n2 2\n4 4\n',
    'A_norm.txt': '0.2 0.1\n0.6 0.5\n1 1\n',
    'eigenvalue.conf': JSON.stringify({
      layer: { a: 0, b: 1 },
      eigen: { a: [4, 3, 2, 1], b: [9, 1, 1, 1] },
    }),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});

it.each(['energy', 'measured', 'combined'])('says that %s drove the plan', async (metric) => {
  const plan = await encJson<PrintedPlan & { readonly plans: readonly PrintedPlan[] }>(
    ...['plan', '--tables', folder, '--target', '0.6', '--method', 'model', '--delta-m', '1'],
    ...['--metric', metric, '--top', '2'],
  );
  expect(plan.metric).toBe(metric);
  expect(plan.plans.map((own) => own.metric)).toEqual([metric, metric]);
  expect(Object.keys(plan.predicted)).toEqual(['energy', 'measured', 'combined']);
});

it('refuses a metric that the tables do not hold', async () => {
  const { status, stderr } = await runEnc(
    ...['plan', '--tables', folder, '--target', '0.6', '--metric', 'divergence'],
  );
  expect(status).not.toBe(0);
  expect(stderr).toContain(
    '--metric with --tables: expected energy, measured, combined, found "divergence"; choose one of these.',
  );
});
