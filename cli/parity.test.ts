import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { curveMethods } from '../src/compression/methods';
import { recipeKey, type Recipe } from '../src/compression/recipe';
import { imagesOf } from '../src/compression/steps/step';
import { refitStep } from '../src/compression/steps/refit';
import { imageParts } from '../src/project/images';
import { repairedRecipe } from '../src/project/measurements';
import { planText } from '../src/project/planFiles';
import { shownCurves } from '../src/project/planning';
import { presentPointsKey } from '../src/project/points';
import { withPresentPlans } from '../src/project/presentPlans';
import type { Settings } from '../src/project/settings';
import type { ProjectState } from '../src/project/state';
import { withPoints } from '../src/project/foundTransitions';
import { withSettings, withUses } from '../src/project/transitions';
import type { PrintedCurves } from '../src/project/curvesFile';
import type { PrintedPlan } from './planning';
import { encHere } from './testing';
import { pageState } from './testState';
import { isToday } from '../scripts/ofToday';

const folder = mkdtempSync(join(tmpdir(), 'enc-parity-'));
afterAll(() => rmSync(folder, { recursive: true }));

let page: ProjectState;
beforeAll(async () => {
  page = await pageState('sample:vgg');
});

/** What the page says of a request. */
function onPage(state: ProjectState, settings: Partial<Settings>) {
  const asked = withPresentPlans(withSettings(state, settings));
  const { plan, recipe } = asked.completed!.plans[asked.document.settings.method]!;
  const metric = shownCurves(asked)!.metric;
  return { metric, achieved: plan.achieved, recipe: recipeKey(recipe), ranks: plan.ranks };
}

/** What the command line says of it. */
async function onCommandLine(...args: string[]) {
  const { metric, achieved, recipe, layers } = await encHere<PrintedPlan>('plan', 'sample:vgg', ...args);
  const ranks = Object.fromEntries(layers.map(({ name, rank }) => [name, rank]));
  return { metric, achieved, recipe, ranks };
}

/** The layers that a plan is not about are listed as whole by the command line alone. */
async function expectSame(state: ProjectState, settings: Partial<Settings>, ...args: string[]) {
  const { ranks, ...own } = onPage(state, settings);
  const other = await onCommandLine(...args);
  const { ranks: listed, ...same } = other;
  expect(same).toEqual(own);
  expect(listed).toMatchObject(ranks);
}

describe('page and command line give the same key and plan', () => {
  const [first, second] = ['/stage1/conv1/Conv', '/stage2/conv2/Conv'];
  const byMethod = curveMethods().flatMap(({ id: method }) =>
    [0.15, 0.437].map((target) => [method, target] as const),
  );
  it.each(byMethod)('by %s at %d', (method, target) =>
    expectSame(page, { method, target, metric: 'energy' }, '--method', method, '--target', String(target)),
  );
  it.each<[string, Partial<Settings>, string[]]>([
    [
      'with layers included and kept',
      { overrides: { [first]: true, [second]: false } },
      ['--include', first, '--keep', second],
    ],
    ['over every rank', { searchesAll: true }, ['--search', 'all']],
    ['in the box', { searchesAll: false }, ['--search', 'box']],
    [
      'in a box of its own',
      { searchSpread: 0.2, searchSlack: 0.01 },
      ['--delta-s', '0.2', '--delta-m', '0.01'],
    ],
  ])('%s', (_, settings, options) =>
    expectSame(
      page,
      { method: 'model', target: 0.4, metric: 'energy', ...settings },
      ...['--method', 'model', '--target', '0.4', ...options],
    ),
  );

  describe('by curves that were measured', () => {
    const file = join(folder, 'curves.json');
    let measured: ProjectState;
    beforeAll(async () => {
      const { pointsKey, layers } = await encHere<PrintedCurves>(
        ...['curves', 'sample:vgg', '--metric', 'divergence', '--data', 'sample:vgg', '--images', '24'],
        ...['--out', file],
      );
      const { preprocessing } = imageParts(page)!.report.drawn;
      const draw = { kind: 'run', from: 0, count: 24 } as const;
      const selection = { images: page.images!.fingerprint, draw, preprocessing };
      measured = withUses(page, { selection });
      expect(presentPointsKey(measured)).toBe(pointsKey);
      measured = withPoints(
        measured,
        pointsKey!,
        layers.flatMap(({ points }) => points),
      );
    });
    it.each(['divergence', 'measured', 'combined'])('of %s', async (metric) => {
      for (const target of [0.3, 0.6])
        await expectSame(
          measured,
          { method: 'model', target, metric },
          ...['--method', 'model', '--target', String(target), '--curves', file, '--metric', metric],
        );
    });
  });
});

interface Compressed {
  readonly recipe: string;
  readonly repair?: { readonly calibrationImages: number };
  readonly after: { readonly images: number } | null;
}

describe('enc compress --ranks with a plan that the page wrote', () => {
  const file = join(folder, 'plan.json');
  const out = join(folder, 'small.onnx');
  const compress = (...args: string[]) =>
    encHere<Compressed>('compress', 'sample:vgg', '--ranks', file, '--out', out, ...args);
  let recipe: Recipe;

  /** Writes what the page's download of the plan holds. */
  function writePlan(settings: Partial<Settings>, change: (text: string) => string = (text) => text): void {
    const asked = withPresentPlans(withSettings(page, { target: 0.3, metric: 'energy', ...settings }));
    const planned = asked.completed!.plans.map!;
    recipe = repairedRecipe(asked, planned.recipe) ?? planned.recipe;
    const text = planText('json', asked.network!.summary, 'energy', planned, recipe);
    writeFileSync(file, change(text));
  }

  const split = { calibration: 32, selection: 16 };

  it('reproduces the key, cut as it is', async () => {
    writePlan({ isRepairing: false });
    const { recipe: key, repair } = await compress();
    expect(key).toBe(recipeKey(recipe));
    expect(repair).toBeUndefined();
  });

  it.runIf(isToday(0, 3))(
    'repairs on the images that the recipe says, of the sets that are given',
    async () => {
      writePlan({ split });
      const images = ['--data', 'sample:vgg', '--images', '40', '--calibration', 'sample:vgg'];
      const { recipe: key, repair, after } = await compress(...images);
      expect(recipe.steps.length).toBe(1);
      expect(key).toBe(recipeKey(recipe));
      expect([repair?.calibrationImages, after?.images]).toEqual([32, 40]);
    },
  );

  it('refuses a step of single layers as one of the whole network', async () => {
    const refitted = (text: string) => {
      const file = JSON.parse(text) as { key: string; recipe: Recipe };
      const own = {
        ...file.recipe,
        steps: file.recipe.steps.map((own) => refitStep(imagesOf(own), own.seed)),
      };
      return JSON.stringify({ ...file, recipe: own, key: recipeKey(own) });
    };
    writePlan({ split }, refitted);
    await expect(compress('--data', 'sample:vgg', '--calibration', 'sample:vgg')).rejects.toThrow(
      /^Expected a step of a whole network, found "Re-fit", which is of single layers; choose another\.$/,
    );
  });

  it.each<[string, Partial<Settings>, (text: string) => string, string[], RegExp]>([
    [
      'a set that is missing',
      { split },
      (text) => text,
      [],
      /expected the images of its steps, found them not given/,
    ],
    [
      'a rank that was changed',
      { isRepairing: false },
      (text) => text.replace(/"rank": \d+\n/g, '"rank": 1\n'),
      [],
      /plan\.json: expected the recipe that its key [0-9a-f]{32} names, found another/,
    ],
    [
      'another network',
      { isRepairing: false },
      (text) => text,
      ['of sample:residual'],
      /expected a recipe of this network, found one of another/,
    ],
    [
      'a repair beside the recipe’s own',
      { split },
      (text) => text,
      ['--repair'],
      /expected a recipe without steps, found those that/,
    ],
    ['no JSON', {}, () => 'Hello', [], /plan\.json: expected JSON/],
    ['other JSON', {}, () => '[3]', [], /expected an object from layer name to a whole rank or null/],
  ])('refuses %s in a sentence', async (_, settings, change, options, sentence) => {
    writePlan(settings, change);
    const isOther = options[0] === 'of sample:residual';
    const run = isOther
      ? encHere('compress', 'sample:residual', '--ranks', file, '--out', out)
      : compress(...options);
    await expect(run).rejects.toThrow(sentence);
  });
});
