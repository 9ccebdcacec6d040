import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sweepKind, type SweepSpec } from '../../../workers/protocol/sweep';
import type { Studio } from '../../../workers/protocol/studio';
import { forgetful } from '../caches';
import { createProjectStore, type ProjectState } from '../state';
import { sweepEndText, sweepNotes } from '../sweepNotes';
import { isSweepFinished, sweepTask } from '../sweeps';
import { images, opened } from '../testing/states';
import { fakeStudio } from '../testing/fakeStudio';
import { withImages, withSettings, withTarget } from '../transitions';
import { sweep } from './sweep';

const ready = withImages(opened(), { ...images, count: 80, labels: null });
const withMinutes = (state: ProjectState, sweepMinutes: number | null) =>
  withSettings(state, { sweepMinutes });

describe('a sweep of the layers’ curves', () => {
  let now = 0;
  beforeEach(() => {
    now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => vi.restoreAllMocks());

  /** Runs the present sweep and answers what the studio was asked for. */
  async function run(
    store: ReturnType<typeof createProjectStore>,
    studio: Pick<Studio, 'run'>,
    signal = new AbortController().signal,
  ) {
    const asked: SweepSpec['task'][] = [];
    const spied: Pick<Studio, 'run'> = {
      run: (...given) => {
        if (given[1].name === sweepKind.name) asked.push(given[2] as SweepSpec['task']);
        return studio.run(...given);
      },
    };
    const task = sweepTask(store.getState())!;
    const update = (change: (state: ProjectState) => ProjectState) => {
      if (!signal.aborted) store.setState(change);
    };
    const outcome = await sweep.run(task, {
      ...{ studio: spied as Studio, caches: forgetful, signal, onProgress: () => undefined },
      ...{ getState: store.getState, update, record: store.setState },
    });
    return { asked, task, outcome };
  }

  /** Takes so many seconds for each. */
  const slowStudio = (seconds: number): Pick<Studio, 'run'> =>
    fakeStudio({ onRun: () => (now += 1000 * seconds) });

  it('has no limit unless somebody sets one', async () => {
    const store = createProjectStore(ready);
    const { asked } = await run(store, slowStudio(5));
    expect(asked.map(({ time }) => time)).toEqual([null]);
  });

  it('is given the time that was chosen, and what plans are made for', async () => {
    const store = createProjectStore(withTarget(withMinutes(ready, 2), 0.3));
    const { asked, task } = await run(store, slowStudio(100));
    const [{ time, costs }] = asked as [SweepSpec['task']];
    expect(time).toMatchObject({
      seconds: 120,
      plannedFor: { budget: { cost: 'macs', share: 0.3 }, metric: 'divergence' },
    });
    expect(costs.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(isSweepFinished(store.getState(), task)).toBe(true);
    expect(sweepNotes.of(store.getState(), task.pointsKey)).toEqual({ seconds: 100, end: 'time' });
  });

  it('goes on from what is there when it is given more time, with what is left of it, and then without a limit', async () => {
    const store = createProjectStore(withMinutes(ready, 2));
    await run(store, slowStudio(100));
    store.setState((state) => withMinutes(state, 10));
    expect(isSweepFinished(store.getState(), sweepTask(store.getState())!)).toBe(false);
    const more = await run(store, slowStudio(400));
    expect(more.asked[0]!.time!.seconds).toBe(500);
    expect(more.asked[0]!.known.length).toBe(4);
    store.setState((state) => withMinutes(state, null));
    expect(isSweepFinished(store.getState(), sweepTask(store.getState())!)).toBe(false);
    const whole = await run(store, slowStudio(1));
    expect(whole.asked[0]!.time).toBeNull();
    expect(sweepNotes.of(store.getState(), whole.task.pointsKey)!.seconds).toBe(501);
    // Whatever time is chosen then, nothing is left to do.
    store.setState((state) => withMinutes(state, 2));
    expect(isSweepFinished(store.getState(), sweepTask(store.getState())!)).toBe(true);
  });

  it('counts the time of a sweep that was stopped', async () => {
    const store = createProjectStore(withMinutes(ready, 2));
    const controller = new AbortController();
    const stopping = fakeStudio({
      onRun: () => {
        now += 50_000;
        controller.abort();
      },
    });
    const { outcome, task } = await run(store, stopping, controller.signal);
    expect(outcome.ok).toBe(false);
    expect(sweepNotes.of(store.getState(), task.pointsKey)).toEqual({ seconds: 50, end: null });
    const { asked } = await run(store, slowStudio(1));
    expect(asked[0]!.time!.seconds).toBe(70);
  });

  it('begins anew near the target where that has moved and come to rest, and only then', async () => {
    const store = createProjectStore(withTarget(withMinutes(ready, 2), 0.5));
    let runs = 0;
    // Each piece takes 0.8 s, during which the target may be dragged.
    const targets = [0.5, 0.4, 0.3, 0.3, 0.3];
    const quick = fakeStudio();
    const studio: Pick<Studio, 'run'> = {
      run(signal, kind, task, onProgress, onEvent = () => undefined) {
        if (runs++ > 0) return quick.run(signal, kind, task, onProgress, onEvent);
        let seen = 0;
        return quick.run(signal, kind, task, onProgress, (event) => {
          now += 800;
          store.setState((state) => withTarget(state, targets[++seen] ?? 0.3));
          onEvent(event);
        });
      },
    };
    const { asked } = await run(store, studio);
    expect(asked.map(({ time }) => time!.plannedFor!.budget.share)).toEqual([0.5, 0.3]);
    expect(asked[1]!.known.length).toBeGreaterThan(0);
  });
});

describe('what is said of a sweep that ended', () => {
  it('is how long it took of what it was given, and why it ended', () => {
    expect(sweepEndText({ seconds: 612, end: 'time' }, 10)).toMatch(
      /^The curves took 10\smin, of 10\smin.*more time/,
    );
    expect(sweepEndText({ seconds: 40, end: 'exhausted' }, 480)).toMatch(
      /took 40\ss, of 8\sh.*nothing is left/,
    );
    expect(sweepEndText({ seconds: 40, end: 'exhausted' }, null)).toMatch(/^The curves took 40\ss\.$/);
    expect(sweepEndText({ seconds: 40, end: null }, 10)).toBe('');
  });
});
