import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Studio } from '../../workers/protocol/studio';
import type { Outcome } from '../network/failure';
import type { BackgroundJob, BackgroundTask, TaskTools } from './background';
import { forgetful } from './caches';
import { createJobRunner } from './jobRunner';
import { statusOf } from './jobStatus';
import { factorising } from './kinds';
import { createProjectStore, initialProject, type ProjectState } from './state';
import { supervise, type Supervisor } from './supervisor';
import { TestClock } from './testing/clocks';
import { opened } from './testing/states';
import { withSettings } from './transitions';

interface Run {
  readonly kind: string;
  readonly key: string;
  readonly tools: TaskTools;
  end(outcome?: Outcome<unknown>): Promise<void>;
}

const ok: Outcome<unknown> = { ok: true, value: null };
const failed: Outcome<unknown> = { ok: false, failure: { code: 'device-lost', message: 'Lost.' } };
const settled = () => new Promise((resolve) => setTimeout(resolve));
const task = (key: string): BackgroundTask => ({ key });

/** A supervisor over jobs whose tasks end when they are told to. `wants` says what each kind wants. */
function setUp(jobs: readonly (Partial<BackgroundJob> & { kind: string })[]) {
  const clock = new TestClock();
  const store = createProjectStore();
  const wants = new Map<string, string[]>();
  const runs: Run[] = [];
  const complete = jobs.map((job): BackgroundJob => ({
    label: job.kind,
    lane: 'foreground',
    order: 0,
    rest: () => 0,
    wanted: () => (wants.get(job.kind) ?? []).map(task),
    title: (_state, { key }) => `${job.kind} ${key}`,
    run: ({ key }, tools) =>
      new Promise((resolve) => {
        const stop = () => resolve({ ok: false, failure: { code: 'cancelled', message: '' } });
        tools.signal.addEventListener('abort', stop);
        const end = async (outcome = ok) => {
          if (outcome.ok)
            wants.set(
              job.kind,
              (wants.get(job.kind) ?? []).filter((other) => other !== key),
            );
          leave();
          resolve(outcome);
          await settled();
        };
        const run: Run = { kind: job.kind, key, tools, end };
        const leave = () => {
          if (runs.includes(run)) runs.splice(runs.indexOf(run), 1);
        };
        tools.signal.addEventListener('abort', leave);
        runs.push(run);
      }),
    ...job,
  }));
  const runner = createJobRunner(store, () => () => undefined);
  const setting = { store, studio: {} as Studio, caches: forgetful, runner, jobs: () => complete, clock };
  const supervisor: Supervisor = supervise(setting);
  /** Any change of the state makes the supervisor look again. */
  const change = () => store.setState((state) => withSettings(state, {}));
  const want = (kind: string, ...keys: string[]) => {
    wants.set(kind, keys);
    change();
  };
  const running = () => runs.map(({ kind, key }) => `${kind} ${key}`);
  return { clock, store, runs, runner, supervisor, want, running, change, wants };
}

describe('what runs', () => {
  it('is what has been wanted for as long as it must rest', () => {
    const { clock, want, running } = setUp([{ kind: 'race', rest: () => 500 }]);
    want('race', 'a');
    clock.advance(499);
    expect(running()).toEqual([]);
    want('race', 'b');
    clock.advance(499);
    expect(running()).toEqual([]);
    clock.advance(1);
    expect(running()).toEqual(['race b']);
  });
  it('goes by the order of the jobs, never by how long they rest', async () => {
    const { clock, want, running, runs } = setUp([
      { kind: 'late', order: 2, rest: () => 0 },
      { kind: 'early', order: 1, rest: () => 1000 },
    ]);
    want('early', 'a');
    want('late', 'a');
    clock.advance(999);
    expect(running()).toEqual([]);
    clock.advance(1);
    expect(running()).toEqual(['early a']);
    await runs[0]!.end();
    expect(running()).toEqual(['late a']);
  });
  it('goes on through a list without resting between its members', async () => {
    const { clock, want, running, runs } = setUp([{ kind: 'measure', rest: () => 400 }]);
    want('measure', 'original', 'map');
    clock.advance(400);
    expect(running()).toEqual(['measure original']);
    await runs[0]!.end();
    expect(running()).toEqual(['measure map']);
  });
  it('is stopped the moment it is wanted no more, and what it made then is not taken', () => {
    const { want, running, runs, store } = setUp([{ kind: 'race' }]);
    want('race', 'a');
    const [stale] = runs;
    want('race', 'b');
    expect(running()).toEqual(['race b']);
    expect(stale!.tools.signal.aborted).toBe(true);
    stale!.tools.update((state) => withSettings(state, { seed: 99 }));
    expect(store.getState().document.settings.seed).toBe(0);
    stale!.tools.record((state) => withSettings(state, { seed: 98 }));
    expect(store.getState().document.settings.seed).toBe(98);
    runs[0]!.tools.update((state) => withSettings(state, { seed: 7 }));
    expect(store.getState().document.settings.seed).toBe(7);
  });
  it('ends well though its own result leaves nothing to be wanted', async () => {
    const { want, wants, runs, supervisor } = setUp([{ kind: 'measure' }]);
    want('measure', 'a');
    const outcome = supervisor.ensure('measure', task('a'));
    const [run] = runs;
    wants.set('measure', []);
    run!.tools.update((state) => withSettings(state, { seed: 3 }));
    expect(run!.tools.signal.aborted).toBe(false);
    await run!.end();
    expect(await outcome).toEqual(ok);
  });
  it('may go on though it is not wanted, where its job says so', () => {
    const { want, running } = setUp([{ kind: 'repair', mayGoOn: (_state, { key }) => key === 'a' }]);
    want('repair', 'a');
    want('repair');
    expect(running()).toEqual(['repair a']);
    const other = setUp([{ kind: 'repair', mayGoOn: (_state, { key }) => key === 'a' }]);
    other.want('repair', 'b');
    other.want('repair');
    expect(other.running()).toEqual([]);
  });
  it('runs background work beside the foreground, one task in each lane', () => {
    const { want, running } = setUp([
      { kind: 'sweep', lane: 'background' },
      { kind: 'measure' },
      { kind: 'race' },
    ]);
    want('sweep', 'a');
    want('measure', 'a', 'b');
    want('race', 'a');
    expect(running()).toEqual(['sweep a', 'measure a']);
  });
});

describe('what ended badly', () => {
  it('is not started again by itself, but lets others go on, and is retried when asked', async () => {
    const { want, running, runs, supervisor, change, store } = setUp([{ kind: 'measure' }]);
    want('measure', 'a', 'b');
    await runs[0]!.end(failed);
    expect(running()).toEqual(['measure b']);
    await runs[0]!.end();
    change();
    expect(running()).toEqual([]);
    expect(statusOf(store.getState().jobs, 'measure', 'a')).toMatchObject({
      state: 'failed',
      title: 'measure a',
    });
    supervisor.retry({ kind: 'measure', key: 'a' });
    expect(running()).toEqual(['measure a']);
  });
  it('counts as cancelled where a person stopped it', () => {
    const { want, running, runner, store, change, supervisor } = setUp([{ kind: 'sweep' }]);
    want('sweep', 'a');
    runner.cancel({ kind: 'sweep', key: 'a' }, 'person');
    change();
    expect(running()).toEqual([]);
    expect(statusOf(store.getState().jobs, 'sweep', 'a')).toMatchObject({ state: 'cancelled' });
    supervisor.resume('sweep');
    expect(running()).toEqual(['sweep a']);
  });
  it('shows a bug where it happened', async () => {
    const bug = { kind: 'race', run: () => Promise.reject(new Error('broken')) };
    const { want, store } = setUp([bug]);
    want('race', 'a');
    await settled();
    expect(statusOf(store.getState().jobs, 'race', 'a')).toMatchObject({
      failure: { message: 'The studio itself failed: broken' },
    });
  });
});

describe('a person', () => {
  it('halts a kind of work and lets it go on', () => {
    const { want, running, supervisor, store } = setUp([{ kind: 'sweep', mayGoOn: () => true }]);
    want('sweep', 'a');
    supervisor.pause('sweep');
    expect(running()).toEqual([]);
    expect(statusOf(store.getState().jobs, 'sweep', 'a')).toBeUndefined();
    supervisor.resume('sweep');
    expect(running()).toEqual(['sweep a']);
  });
  it('gets at once what they wait for, beside what runs, and once only', async () => {
    const { want, running, supervisor, runs } = setUp([
      { kind: 'measure' },
      { kind: 'repair', rest: () => 9999 },
    ]);
    want('measure', 'a');
    const first = supervisor.ensure('repair', task('x'));
    const second = supervisor.ensure('repair', task('x'));
    expect(running()).toEqual(['measure a', 'repair x']);
    await runs[1]!.end();
    expect(await first).toEqual(ok);
    expect(await second).toEqual(ok);
  });
  it('gets another of the same kind in the place of the one that runs', async () => {
    const { want, running, supervisor } = setUp([{ kind: 'repair' }]);
    want('repair', 'a');
    const former = supervisor.ensure('repair', task('a'));
    void supervisor.ensure('repair', task('b'));
    expect(running()).toContain('repair b');
    expect(await former).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  });
  it('waits for the factors of curves that are shown already, unless it needs none', async () => {
    const { store, want, running, supervisor, runs } = setUp([
      { kind: factorising },
      { kind: 'repair' },
      { kind: 'detect', needsNoFactors: true },
    ]);
    const setForeseen = (...keys: string[]) =>
      store.setState((state) => ({
        ...state,
        network: { ...opened().network!, foreseen: new Set(keys) },
      }));
    setForeseen('spatial a');
    want(factorising, 'a');
    const repaired = supervisor.ensure('repair', task('x'));
    void supervisor.ensure('detect', task('y'));
    expect(running()).toEqual([`${factorising} a`, 'detect y']);
    setForeseen();
    await runs[0]!.end();
    expect(running()).toEqual(['detect y', 'repair x']);
    await runs[1]!.end();
    expect(await repaired).toEqual(ok);
    await supervisor.whenFactored();
  });
  it('keeps what a download waits for, though it is wanted no more, until it is let go', async () => {
    const { want, running, supervisor, runs } = setUp([
      { kind: 'repair', mayGoOn: (_state, { key }) => key === 'b' },
      { kind: 'measure', order: 1 },
    ]);
    want('repair', 'a');
    const hold = new AbortController();
    const outcome = supervisor.ensure('repair', task('a'), hold.signal);
    want('repair');
    // Other work goes on beside it, and another person's wish waits for it.
    want('measure', 'new');
    const next = supervisor.ensure('repair', task('b'));
    expect(running()).toEqual(['repair a', 'measure new']);
    await runs[0]!.end();
    expect(await outcome).toEqual(ok);
    expect(running()).toEqual(['measure new', 'repair b']);
    await runs[1]!.end();
    expect(await next).toEqual(ok);

    want('repair', 'c');
    void supervisor.ensure('repair', task('c'), hold.signal);
    const other = new AbortController();
    void supervisor.ensure('repair', task('c'), other.signal);
    want('repair');
    expect(running()).toContain('repair c');
    other.abort();
    expect(running()).toContain('repair c');
    hold.abort();
    expect(running()).not.toContain('repair c');
  });
});

it('says when there is nothing left to do, and does nothing once it is closed', async () => {
  const { want, running, supervisor, runs, change } = setUp([{ kind: 'measure' }]);
  await supervisor.whenIdle();
  want('measure', 'a');
  let isIdle = false;
  const idle = supervisor.whenIdle().then(() => (isIdle = true));
  await settled();
  expect(isIdle).toBe(false);
  await runs[0]!.end();
  await idle;
  supervisor.close();
  want('measure', 'b');
  change();
  expect(running()).toEqual([]);
});

it('whatever happens, runs one task a lane, nothing unwanted, and everything wanted in the end', async () => {
  const kinds = ['a', 'b', 'c', 'd'];
  const action = fc.oneof(
    fc.record({
      do: fc.constant('want' as const),
      kind: fc.constantFrom(...kinds),
      keys: fc.subarray(['1', '2', '3']),
    }),
    fc.record({ do: fc.constant('wait' as const), time: fc.nat({ max: 900 }) }),
    fc.record({ do: fc.constant('end' as const), which: fc.nat({ max: 3 }), isGood: fc.boolean() }),
    fc.record({ do: fc.constant('pause' as const), kind: fc.constantFrom(...kinds) }),
    fc.record({ do: fc.constant('resume' as const), kind: fc.constantFrom(...kinds) }),
  );
  const laneOf = (kind: string): 'foreground' | 'background' => (kind === 'd' ? 'background' : 'foreground');
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 25 }), async (actions) => {
      const jobs = kinds.map((kind, order) => ({
        kind,
        order,
        lane: laneOf(kind),
        rest: () => 300 - 100 * order,
      }));
      const { clock, want, runs, supervisor, store, wants } = setUp(jobs);
      const check = () => {
        for (const lane of ['foreground', 'background'])
          expect(runs.filter(({ kind }) => laneOf(kind) === lane).length).toBeLessThanOrEqual(1);
        for (const { kind, key } of runs) {
          expect(wants.get(kind)).toContain(key);
          expect(store.getState().paused[kind] ?? false).toBe(false);
        }
      };
      for (const each of actions) {
        if (each.do === 'want') want(each.kind, ...each.keys);
        else if (each.do === 'wait') clock.advance(each.time);
        else if (each.do === 'end') await runs[each.which]?.end(each.isGood ? ok : failed);
        else if (each.do === 'pause') supervisor.pause(each.kind);
        else supervisor.resume(each.kind);
        check();
      }
      for (const kind of kinds) supervisor.resume(kind);
      for (let turn = 0; turn < 40; turn++) {
        clock.advance(1000);
        await runs[0]?.end();
        check();
      }
      expect(kinds.flatMap((kind) => wants.get(kind) ?? [])).toEqual([]);
      supervisor.close();
    }),
    { numRuns: 400 },
  );
});

it('takes a job that is added while it runs', () => {
  const store = createProjectStore(initialProject);
  const jobs: BackgroundJob[] = [];
  const runner = createJobRunner(store);
  const supervisor = supervise({ store, studio: {} as Studio, caches: forgetful, runner, jobs: () => jobs });
  const seen: ProjectState[] = [];
  jobs.push({
    kind: 'toy',
    label: 'Toys',
    lane: 'foreground',
    order: 9,
    rest: () => 0,
    wanted: () => (seen.length === 0 ? [task('one')] : []),
    title: () => 'Toy',
    run: (_task, { getState }) => {
      seen.push(getState());
      return Promise.resolve(ok);
    },
  });
  supervisor.retry({ kind: 'toy', key: 'one' });
  expect(seen.length).toBe(1);
  supervisor.close();
});

describe('everything at once', () => {
  it('stops, says nothing waits, and goes on when it is resumed', async () => {
    const { want, running, supervisor, runs, store } = setUp([
      { kind: 'measure' },
      { kind: 'race', order: 1 },
      { kind: 'sweep', lane: 'background' },
    ]);
    want('measure', 'map', 'model');
    want('race', 'a');
    want('sweep', 'curves');
    expect(running().sort()).toEqual(['measure map', 'sweep curves']);
    expect(supervisor.waiting().map(({ title }) => title)).toEqual(['measure model', 'race a']);
    supervisor.stopAll();
    expect(running()).toEqual([]);
    expect(supervisor.waiting()).toEqual([]);
    supervisor.resumeAll();
    expect(running().sort()).toEqual(['measure map', 'sweep curves']);
    await runs.find(({ kind }) => kind === 'measure')!.end();
    expect(running().sort()).toEqual(['measure model', 'sweep curves']);
    expect(store.getState().paused).toEqual({ measure: false, race: false, sweep: false });
  });
  it('is foretold by what the last of its kind took', async () => {
    const { clock, want, supervisor, runs } = setUp([{ kind: 'measure' }, { kind: 'race', order: 1 }]);
    want('measure', 'map', 'model', 'uniform');
    want('race', 'a');
    clock.advance(3000);
    await runs[0]!.end();
    expect(supervisor.waiting()).toEqual([
      { kind: 'measure', title: 'measure uniform', seconds: 3 },
      { kind: 'race', title: 'race a', seconds: null },
    ]);
  });
  it('is halted no more for what a person asks for', () => {
    const { want, running, supervisor } = setUp([{ kind: 'repair' }, { kind: 'race' }]);
    want('race', 'a');
    supervisor.stopAll();
    void supervisor.ensure('repair', task('map'));
    expect(running()).toEqual(['repair map']);
  });
});
