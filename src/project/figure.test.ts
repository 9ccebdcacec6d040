import { expect, it } from 'vitest';
import { evaluateKind, type EvaluateSpec } from '../../workers/protocol/evaluate';
import type { Studio } from '../../workers/protocol/studio';
import { methods } from '../compression/methods';
import type { TaskTools } from './background';
import { forgetful } from './caches';
import { figureTargets, measureWholeFigure } from './figure';
import { figurePoints } from './figurePoints';
import { original } from './measurements';
import { createProjectStore, type ProjectState } from './state';
import { fakeStudio } from './testing/fakeStudio';
import { withMeasured } from './testing/measuredStates';
import { images, ready } from './testing/states';
import { withImages, withOverride, withSettings } from './transitions';

const many = withSettings(withImages(ready(0.5), { ...images, count: 80, labels: null }), {
  metric: 'energy',
  candidates: 4,
});
const answers = Array.from({ length: 40 }, () => 0);
const begun = withMeasured(many, original(many)!, { count: 40, top1: null, top5: null, answers });

function project(initial: ProjectState, onRun: (kind: string, task: unknown) => void = () => undefined) {
  const store = createProjectStore(initial);
  const record = (change: (state: ProjectState) => ProjectState) => store.setState(change);
  const tools: TaskTools = {
    ...{ studio: fakeStudio({ onRun }) as Studio, caches: forgetful, signal: new AbortController().signal },
    ...{ onProgress: () => undefined, getState: store.getState, update: record, record },
  };
  return { store, tools };
}

it('the whole figure has every method at every target, as cut and repaired', async () => {
  const evaluations: unknown[] = [];
  const { store, tools } = project(begun, (kind, task) => {
    if (kind === evaluateKind.name) evaluations.push(task);
  });
  await measureWholeFigure(tools);
  const points = figurePoints(store.getState());
  for (const { id } of methods.all)
    for (const isRepaired of [false, true]) {
      const own = points.filter((point) => point.method === id && point.isRepaired === isRepaired);
      // Of targets with the same plan there is one point; the slider stays where it is.
      expect(own.length, `${id} ${isRepaired}`).toBeGreaterThan(figureTargets.length / 2);
      expect(own.every(({ isPresent }) => isPresent)).toBe(true);
    }
  expect(store.getState().document.settings.target).toBe(begun.document.settings.target);
  expect(store.getState().races).toEqual(begun.races);
  // What is shown is refused where it is no numbers, as cut and repaired.
  expect(evaluations.length).toBeGreaterThan(figureTargets.length);
  expect(evaluations.every((task) => (task as EvaluateSpec['task']).notNumbers === undefined)).toBe(true);
});

it('ends where plans would be others by now, and keeps what was measured', async () => {
  let runs = 0;
  const { store, tools } = project(begun, () => {
    runs++;
    if (runs === 6) store.setState((state) => withOverride(state, 'a', false));
  });
  await measureWholeFigure(tools);
  expect(runs).toBeLessThan(12);
  const points = figurePoints(store.getState());
  expect(points.length).toBeGreaterThan(0);
  expect(points.some(({ isPresent }) => !isPresent)).toBe(true);
});
