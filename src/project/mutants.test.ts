import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRandom } from '../linalg/random';
import { mutatedJson, mutatedText } from '../network/testing/mutants';
import { documentText, readDocument } from './documentText';
import { planText, readPlan } from './planFiles';
import { anyDocument } from './testing/documents';
import { ready } from './testing/states';

/** Files of the studio's own that people hand on: texts that are whole, and their reader. */
const kinds = {
  'project documents': {
    whole: fc.sample(anyDocument, { seed: 4, numRuns: 20 }).map(documentText),
    read: (text: string): unknown => readDocument(text, 'project.json'),
  },
  plans: {
    whole: [0.3, 0.5, 0.8].map((target) => {
      const state = ready(target);
      const planned = state.completed!.plans.map!;
      return planText('json', state.network!.summary, 'energy', planned, planned.recipe);
    }),
    read: (text: string): unknown => readPlan(text, 'plan.json'),
  },
};

it.each(Object.entries(kinds))(
  '2,000 mutants of %s are read or refused in a sentence',
  (_, { whole, read }) => {
    for (const text of whole) expect(() => read(text)).not.toThrow();
    const random = createRandom(3);
    const counts = { read: 0, refused: 0 };
    for (let mutant = 0; mutant < 2000; mutant++) {
      const text = whole[random.integer(whole.length)]!;
      const isText = random.integer(4) === 0;
      const changed = isText
        ? mutatedText(text, random)
        : (JSON.stringify(mutatedJson(JSON.parse(text), random)) ?? '');
      try {
        read(changed);
        counts.read++;
      } catch (error) {
        expect(error, changed.slice(0, 2000)).toMatchObject({
          name: 'FailureError',
          message: expect.stringMatching(/^(project|plan)\.json: .*expected .*, found .*; .*\.$/s) as string,
        });
        counts.refused++;
      }
    }
    expect(counts.read).toBeGreaterThan(20);
    expect(counts.refused).toBeGreaterThan(500);
    // Nothing that a file says reaches what all objects share.
    expect(Object.keys(Object.prototype)).toEqual([]);
  },
);
