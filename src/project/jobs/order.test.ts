import { describe, expect, it } from 'vitest';
import { presetCandidates } from '../../network/presets';
import { evaluateKind } from '../../../workers/protocol/evaluate';
import { raceKind } from '../../../workers/protocol/race';
import { repairKind } from '../../../workers/protocol/repair';
import { sweepKind } from '../../../workers/protocol/sweep';
import { fail } from '../../network/failure';
import { listed } from '../jobStatus';
import { formatTarget } from '../numbers';
import { recipeKey } from '../../compression/recipe';
import { originalMeasurement, repairedMeasurement, repairedRecipe } from '../measurements';
import { allUnrepaired, repairOf } from '../repairs';
import { TestClock } from '../testing/clocks';
import { fakeStudio } from '../testing/fakeStudio';
import { images, opened } from '../testing/states';
import { work } from '../testing/working';
import { withSavedPlan } from '../foundTransitions';
import { withImages, withPreprocessing, withSettings, withTarget } from '../transitions';
import { detectTask } from './detect';

const many = { ...images, count: 80, labels: null };
const backend = { backend: 'wasm', adapter: null, reason: 'Tested.', threads: 2 } as const;
/** A network and images that were just opened; a person has said how pixels become the input. */
const fresh = {
  ...withPreprocessing(withImages(opened(), many), { channels: 'rgb', mean: [0], scale: [1] }),
  backend,
};
const guessing = withSettings(fresh, { preprocessingIsGuess: true });
const byEnergy = withSettings(fresh, { metric: 'energy' });

const half = formatTarget(0.5);
const sweepTitle = 'Measuring the layers’ curves';
/** Without numbers of plans, which the methods decide. */
const plain = (titles: readonly string[]) => titles.map((title) => title.replace(/\d+ plans/, 'plans'));
const foreground = (titles: readonly string[]) => plain(titles).filter((title) => title !== sweepTitle);
/** Times come last. */
const beforeTimes = (titles: readonly string[]) => titles.filter((title) => !title.startsWith('Timing'));
const repairs = (titles: readonly string[]) => titles.filter((title) => title.startsWith('Repairing'));
const runOf = (kind: string, task: unknown) => {
  const { recipe } = task as {
    readonly recipe?: { readonly layers: object; readonly steps: readonly unknown[] };
  };
  const cut = Object.keys(recipe?.layers ?? {}).length > 0;
  return `${kind}${recipe ? (cut ? (recipe.steps.length > 0 ? ' repaired' : ' cut') : ' original') : ''}`;
};

/** A studio that answers one kind only when it is told to. */
function slowStudio(slow: { readonly name: string }) {
  let goOn: () => void = () => undefined;
  const told = new Promise<void>((resolve) => (goOn = resolve));
  const quick = fakeStudio();
  const run: typeof quick.run = async (...given) => {
    if (given[1].name === slow.name) await told;
    return quick.run(...given);
  };
  return { run, goOn: () => goOn() };
}

/** A studio whose sweep takes longer than plans must rest before they are measured. */
function slowSweep() {
  const quick = fakeStudio();
  const run: typeof quick.run = async (...given) => {
    if (given[1].name === sweepKind.name) await new Promise((resolve) => setTimeout(resolve, 250));
    return quick.run(...given);
  };
  return { run };
}

describe('what is done with a network and images, and in which order', () => {
  it('goes from what is needed first to what takes longest', async () => {
    const { begun, supervisor, store } = work(withSettings(guessing, { metric: 'energy' }), fakeStudio());
    await supervisor.whenIdle();
    expect(listed(store.getState().jobs)).toEqual([]);
    const titles = foreground(begun);
    // The chosen plan is repaired before plans that nobody asked for are measured at all.
    expect(titles.slice(0, 6)).toEqual([
      'Factorising small',
      'Finding the preprocessing',
      'Measuring the original network',
      expect.stringMatching(/^Measuring ENC-Map/),
      `Repairing ENC-Map at ${half}`,
      expect.stringMatching(/^Measuring .*Uniform/),
    ]);
    const race = titles.indexOf(`Racing plans at ${half}`);
    expect(race).toBeGreaterThan(
      titles.findLastIndex((title) => /^Measuring .*(Map|Model|Uniform)/.test(title)),
    );
    const times = titles.map((title) => title.startsWith('Timing'));
    const firstTime = times.indexOf(true);
    expect(firstTime).toBeGreaterThan(race);
    expect(times.slice(firstTime)).not.toContain(false);
    expect(titles[firstTime]).toBe(`Timing ENC-Map at ${half}`);
    expect(titles.filter((title) => title.startsWith('Racing'))).toHaveLength(1);
  });

  it('measures every plan as it is cut before it repairs what is compared with the chosen one', async () => {
    const state = withSettings(byEnergy, { method: 'map', pair: ['map', 'uniform'] });
    const { begun, supervisor } = work(state, fakeStudio());
    await supervisor.whenIdle();
    const partner = begun.indexOf(`Repairing Uniform at ${half}`);
    const cut = begun.flatMap((title, index) => (/^Measuring (ENC-M|Uniform)/.test(title) ? [index] : []));
    expect(partner).toBeGreaterThan(cut.at(-1)!);
    expect(cut.length).toBeGreaterThan(1);
  });

  it('measures plans where their repairs are not among what is done, or failed', async () => {
    const broken = (kind: string) =>
      kind === repairKind.name ? fail('invalid-network', 'It cannot be repaired.') : undefined;
    const { begun, supervisor } = work(byEnergy, fakeStudio({ onRun: broken }));
    await supervisor.whenIdle();
    expect(repairs(begun)).toContain(`Repairing ENC-Map at ${half}`);
    const paused = work({ ...byEnergy, paused: { repair: true } }, fakeStudio());
    await paused.supervisor.whenIdle();
    expect(repairs(paused.begun)).toEqual([]);
    for (const titles of [begun, paused.begun])
      expect(titles.filter((title) => /^Measuring .*Uniform/.test(title))).toHaveLength(1);
  });

  it('begins with the chosen method’s plan, whichever that is', async () => {
    const { begun, supervisor } = work(withSettings(byEnergy, { method: 'uniform' }), fakeStudio());
    await supervisor.whenIdle();
    expect(begun.filter((title) => title.startsWith('Measuring') && title !== sweepTitle)[1]).toBe(
      `Measuring Uniform at ${half}`,
    );
    expect(repairs(begun)[0]).toBe(`Repairing Uniform at ${half}`);
  });

  it('repairs in the order in which people wait: the chosen plan, its partner, then the winner of the race', async () => {
    const state = withSettings(byEnergy, { method: 'uniform', pair: ['model', 'uniform'] });
    // The race's last entry wins, so that its plan is nobody else's.
    const { begun, supervisor, store } = work(state, fakeStudio({ winner: 'last' }));
    await supervisor.whenIdle();
    const titles = plain(begun).filter((title) => /^(Repairing|Racing)/.test(title));
    expect(titles).toEqual([
      `Repairing Uniform at ${half}`,
      `Repairing ENC-Model at ${half}`,
      `Racing plans at ${half}`,
      `Repairing ENC-Inf at ${half}`,
    ]);
    const { plans } = store.getState().completed!;
    for (const method of ['uniform', 'model', 'inf'])
      expect(repairedMeasurement(store.getState(), plans[method]!.recipe)).not.toBeNull();
  });

  it('repairs the plan that was saved where it is compared with, and the others where that is asked for', async () => {
    const asked = withSettings(byEnergy, { method: 'model', pair: ['model', 'saved'] });
    const { begun, supervisor, store } = work(withTarget(asked, 0.7), fakeStudio());
    await supervisor.whenIdle();
    const { plan, recipe } = store.getState().completed!.plans.uniform!;
    const { method, achieved, costs } = plan;
    const before = begun.length;
    const saved = { method, target: 0.7, achieved, costs, recipe };
    store.setState((now) => withTarget(withSavedPlan(now, saved), 0.5));
    await supervisor.whenIdle();
    expect(repairs(begun.slice(before))).toEqual([
      `Repairing ENC-Model at ${half}`,
      'Repairing the saved plan',
    ]);
    const left = () => allUnrepaired(store.getState()).map(({ side }) => side);
    expect(left()).toEqual(['uniform']);
    store.setState((now) => ({ ...now, allRepairedAt: 0.5 }));
    await supervisor.whenIdle();
    expect(left()).toEqual([]);
    // Asked for at one target, it is not asked for at another.
    store.setState((now) => withTarget(now, 0.6));
    await supervisor.whenIdle();
    expect(left()).not.toEqual([]);
  });

  it('measures no plan that is made from half-finished curves', async () => {
    const { begun, supervisor, store } = work(fresh, slowSweep());
    await supervisor.whenIdle();
    const titles = plain(begun);
    const first = titles.findIndex((title) => /^Measuring (ENC|Uniform)/.test(title));
    expect(first).toBeGreaterThan(titles.indexOf(sweepTitle));
    const { completed, document } = store.getState();
    const measured = Object.values(document.measurements).filter(({ achieved }) => achieved < 1);
    const present = Object.values(completed!.plans).flatMap(({ recipe }) => [
      recipeKey(recipe),
      recipeKey(repairedRecipe(store.getState(), recipe)!),
    ]);
    expect(measured.filter(({ recipe }) => !present.includes(recipe))).toEqual([]);
    expect(measured.length).toBeGreaterThan(2);
  });

  it('measures plans in a pause of the sweep, which leaves them as they are', async () => {
    const { begun, supervisor, store } = work({ ...fresh, paused: { sweep: true } }, fakeStudio());
    await supervisor.whenIdle();
    expect(begun).not.toContain(sweepTitle);
    expect(begun.filter((title) => /^Measuring (ENC|Uniform)/.test(title)).length).toBeGreaterThan(0);
    expect(store.getState().document.finishedSweeps).toEqual([]);
  });

  it('sweeps beside it all, after the original has run', async () => {
    const { begun, supervisor, store } = work(byEnergy, fakeStudio());
    await supervisor.whenIdle();
    const sweeps = begun.filter((title) => title === sweepTitle);
    expect(sweeps).toHaveLength(1);
    expect(begun.indexOf(sweepTitle)).toBeGreaterThan(begun.indexOf('Measuring the original network'));
    expect(store.getState().document.finishedSweeps).toHaveLength(1);
  });

  it('races once the curves that the plans are made from have stopped changing', async () => {
    const { begun, supervisor } = work(fresh, fakeStudio());
    await supervisor.whenIdle();
    const titles = plain(begun);
    expect(titles.indexOf(`Racing plans at ${half}`)).toBeGreaterThan(titles.indexOf(sweepTitle));
    expect(titles.filter((title) => title.startsWith('Racing'))).toHaveLength(1);
    expect(titles.filter((title) => title.startsWith('Repairing'))).toHaveLength(1);
  });

  it('goes on in the foreground while a sweep runs', async () => {
    const studio = slowStudio(sweepKind);
    const { begun, supervisor } = work(byEnergy, studio);
    const idle = supervisor.whenIdle();
    await expect.poll(() => plain(beforeTimes(begun))).toContain(`Racing plans at ${half}`);
    expect(begun).toContain(`Repairing ENC-Map at ${half}`);
    expect(begun).toContain(sweepTitle);
    studio.goOn();
    await idle;
  });

  it('does nothing on images before the preprocessing is found, and none of it again by itself', async () => {
    const runs: string[] = [];
    const { begun, supervisor, store } = work(
      guessing,
      fakeStudio({ onRun: (kind, task) => runs.push(runOf(kind, task)) }),
    );
    await supervisor.whenIdle();
    expect(begun.filter((title) => title === 'Finding the preprocessing')).toHaveLength(1);
    // Each preset in each order of channels, and then the original on the report images.
    const first = runs.findIndex((run) => run !== 'factorise' && run !== 'evaluate original');
    expect(first).toBeGreaterThan(presetCandidates(3).length + 1);
    expect(store.getState().document.detection).not.toBeNull();
    const before = begun.length;
    store.setState((state) => withSettings(state, { preprocessingIsGuess: true }));
    await supervisor.whenIdle();
    expect(begun.length).toBe(before);
  });

  it('halts on images while a person has the preprocessing looked for', async () => {
    const clock = new TestClock();
    const { begun, supervisor, store } = work(byEnergy, slowStudio(evaluateKind), clock);
    await expect.poll(() => store.getState().completed?.plans.map).toBeDefined();
    void supervisor.ensure('detect', detectTask(store.getState())!);
    const before = ['Factorising small', 'Finding the preprocessing'];
    expect(begun).toEqual(before);
    clock.advance(10_000);
    expect(begun).toEqual(before);
    supervisor.close();
  });
});

describe('what ended badly', () => {
  it('ends everything on images where it was the original network', async () => {
    const runs: string[] = [];
    const misfit = (kind: string, task: unknown) => {
      runs.push(runOf(kind, task));
      if (kind === evaluateKind.name) fail('images-do-not-fit', 'They do not fit.');
    };
    const { begun, supervisor } = work(byEnergy, fakeStudio({ onRun: misfit }));
    await supervisor.whenIdle();
    expect(begun).toEqual(['Factorising small', 'Measuring the original network']);
    expect(runs).toEqual(['factorise', 'evaluate original']);
  });

  it('leaves out a plan that a person cancelled, its repair too, and does the others', async () => {
    const { begun, supervisor, store, runner } = work(byEnergy, fakeStudio());
    const stop = store.subscribe(({ jobs }) => {
      const map = Object.entries(jobs.measure ?? {}).find(
        ([, status]) => status.state === 'running' && status.title.includes('ENC-Map'),
      );
      if (map) runner.cancel({ kind: 'measure', key: map[0] }, 'person');
    });
    await supervisor.whenIdle();
    expect(begun.filter((title) => title.startsWith('Measuring ENC-Map'))).toHaveLength(1);
    expect(begun.some((title) => title.startsWith('Measuring Uniform'))).toBe(true);
    expect(begun.some((title) => title.startsWith('Repairing'))).toBe(false);
    stop();
    supervisor.resume('measure');
    await supervisor.whenIdle();
    expect(begun.some((title) => title.startsWith('Repairing'))).toBe(true);
  });

  it('holds nothing else up where it was a race', async () => {
    const broken = (kind: string) => (kind === raceKind.name ? fail('device-lost', 'Lost.') : undefined);
    const { begun, supervisor, store } = work(byEnergy, fakeStudio({ onRun: broken }));
    await supervisor.whenIdle();
    expect(begun.some((title) => title.startsWith('Timing'))).toBe(true);
    expect(Object.values(store.getState().jobs.race ?? {})).toMatchObject([{ state: 'failed' }]);
  });
});

it('what was done is not done again, and another target brings its own', async () => {
  const { begun, supervisor, store } = work(byEnergy, fakeStudio());
  await supervisor.whenIdle();
  const state = store.getState();
  expect(originalMeasurement(state)).not.toBeNull();
  expect(repairOf(state, state.completed!.plans.map!.recipe)).toMatchObject({ isRepaired: true });
  const done = begun.length;
  store.setState((now) => withSettings(withTarget(now, 0.5), {}));
  await supervisor.whenIdle();
  expect(begun.length).toBe(done);
  store.setState((now) => withTarget(now, 0.3));
  await supervisor.whenIdle();
  expect(begun.slice(done)).toContain(`Repairing ENC-Map at ${formatTarget(0.3)}`);
  expect(begun.slice(done)).not.toContain('Measuring the original network');
  expect(begun.slice(done)).not.toContain(sweepTitle);
});
