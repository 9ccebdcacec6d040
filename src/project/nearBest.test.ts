import { expect, it } from 'vitest';
import { nearBestText } from './nearBest';
import { ready } from './testing/states';

const { plan } = ready(0.5).completed!.plans.model!;

it.each<[string, number | undefined, boolean, string | null]>([
  ['nothing is better', undefined, true, null],
  ['hardly anything is', 0.001, true, null],
  [
    'the bound leaves something',
    0.02,
    true,
    'The search for the best ranks was cut short: this plan’s predicted quality is at most 2.0 % below that of the best.',
  ],
  ['the target cannot be reached anyway', 0.02, false, null],
])('how far a plan may be from the best is said where %s', (_, gap, reached, text) => {
  const own = gap === undefined ? { ...plan, reached } : { ...plan, reached, gap };
  expect(nearBestText(own)?.replaceAll('\u00a0', ' ') ?? null).toBe(text);
});
