import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseTables } from '../enc/tables';
import { curvesText, isCurvesText, readCurves } from './curvesFile';
import { documentText, readDocument } from './documentText';
import { planText, readPlan } from './planFiles';
import { pointUnit } from './sharing/pointUnit';
import { readStatement, statementText } from './sharing/statement';
import { sweepStatement } from './sharing/sweepStatement';
import { statementOf } from './sharing/exporting';
import { readUnit, unitFileName, unitText } from './sharing/units';
import { sweepTask } from './sweeps';
import { anyDocument } from './testing/documents';
import { images, ready } from './testing/states';
import { withImages } from './transitions';

const labels = Int32Array.from({ length: 400 }, (_, index) => index % 2);
const swept = withImages(ready(), { ...images, count: 400, labels });
const state = ready(0.5);
const planned = state.completed!.plans.map!;
const item = { layer: 'a', factorisation: 'spatial', rank: 2, from: 0, to: 8 } as const;
const point = {
  ...{ layer: 'a', factorisation: 'spatial', rank: 2, images: 8, basis: 'labels' },
  ...{ correct: 4, correctUncut: 8, divergence: 0.5, divergenceDeviation: 0.1 },
} as const;
const unit = { of: 'key', item, found: point, backend: 'wasm' };
const tables = {
  netDef: '3 2 4 1 8 3 10 20\n',
  rankList: '1\n2\n',
  accuracies: '0.5\n1\n',
  eigenvalues: '{"layer":{"a":1},"eigen":{"a":[2,1]}}',
};

/** Texts that the studio writes or people hand on, and their readers. */
const kinds: Readonly<Record<string, { whole: string; read(text: string): unknown }>> = {
  'project documents': {
    whole: documentText(fc.sample(anyDocument, { seed: 4, numRuns: 1 })[0]!),
    read: (text) => readDocument(text, 'project.json'),
  },
  plans: {
    whole: planText('json', state.network!.summary, 'energy', planned, planned.recipe),
    read: (text) => readPlan(text, 'plan.json'),
  },
  curves: {
    whole: curvesText({
      ...{ fingerprint: 'f', metric: 'divergence', images: null, pointsKey: null, isRepaired: false },
      layers: [{ name: 'a', factorisation: 'spatial', rankMax: 3, ranks: [1, 2, 3], points: [point] }],
    } as unknown as Parameters<typeof curvesText>[0]),
    read: (text) => (isCurvesText(text) ? readCurves(text, 'c.json') : readCurves(text, 'c.json')),
  },
  'results of a sweep': {
    whole: unitText(pointUnit, unit),
    // What cannot be read counts as not done.
    read: (text) => readUnit(pointUnit, text, unitFileName(pointUnit, unit.of, item)) ?? refused(),
  },
  'statements of a sweep': {
    whole: statementText(sweepStatement, statementOf(swept, sweepTask(swept)!, 'divergence', null)),
    read: (text) => readStatement(sweepStatement, text, 'sweep.json'),
  },
  'tables of the authors': {
    whole: tables.eigenvalues,
    read: (text) => parseTables({ ...tables, eigenvalues: text }),
  },
};

function refused(): never {
  throw new Error('Refused.');
}

const levels = 200_000;
const deep = '['.repeat(levels) + ']'.repeat(levels);

it.each(Object.entries(kinds))(
  '%s with lists 200,000 deep in one another, wherever they stand, are refused and use up no stack',
  (_, { whole, read }) => {
    expect(() => read(whole)).not.toThrow();
    // In the place of every value, one after the other, and of the whole.
    const places = [
      ...whole.matchAll(/(?<=[:[,]\s*)(?:"(?:[^"\\]|\\.)*"|-?\d[\d.e+-]*|null|true|false)(?=\s*[,\]}])/g),
    ];
    expect(places.length).toBeGreaterThan(2);
    const step = Math.ceil(places.length / 20);
    const texts = places
      .filter((_place, index) => index % step === 0)
      .map(({ index, 0: value }) => whole.slice(0, index) + deep + whole.slice(index + value.length));
    for (const text of [deep, ...texts]) {
      let found: unknown = null;
      try {
        read(text);
      } catch (error) {
        found = error;
      }
      expect(found).not.toBeNull();
      expect(found).not.toBeInstanceOf(RangeError);
      expect(String(found)).not.toMatch(/call stack/);
    }
  },
);
