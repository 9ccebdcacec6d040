import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { methods } from '../src/compression/methods';
import { unwrap } from '../src/network/failure';
import { forgetful } from '../src/project/caches';
import { createJobRunner } from '../src/project/jobRunner';
import { isRunning } from '../src/project/jobStatus';
import { backgroundJobs, jobEntry } from '../src/project/jobs';
import { plannerOf } from '../src/project/planning';
import { plansAt } from '../src/project/plans';
import { createProjectStore, type ProjectState } from '../src/project/state';
import { supervise } from '../src/project/supervisor';
import { ready } from '../src/project/testing/states';
import { withPlans } from '../src/project/foundTransitions';
import { withImages } from '../src/project/transitions';
import type { Actions } from '../src/studio/actions';
import { App } from '../src/studio/App';
import { StudioProvider } from '../src/studio/context/context';
import { initialState, type StudioState } from '../src/studio/store/state';
import type { StudioStore } from '../src/studio/store/store';
import { randomPictures } from '../workers/testing/tinyStudio';
import { runs } from '../workers/runs';
import { runEncWith } from './testing';
import { createNodeStudio } from './threads';
import { brightness, brightnessJob } from './toys/brightness';
import { brightnessRun } from './toys/brightnessRun';
import { even } from './toys/even';
import { isToday } from '../scripts/ofToday';

/*
 * The method and the job of docs/EXTENDING.md, listed in the registries and nowhere else.
 */

const takeOut: (() => void)[] = [];
beforeAll(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
  takeOut.push(methods.add(even), backgroundJobs.add(jobEntry(brightnessJob)), runs.add(brightnessRun));
});
afterAll(() => {
  takeOut.forEach((remove) => remove());
  vi.unstubAllGlobals();
});

/** The page as it is drawn for a state. */
function pageOf(state: ProjectState): string {
  const store = createStore<StudioState>()(() => ({ ...initialState, ...state })) as StudioStore;
  const actions = new Proxy({} as Actions, { get: () => () => Promise.resolve() });
  return renderToStaticMarkup(
    createElement(StudioProvider, { value: { store, actions } }, createElement(App)),
  );
}

const toys = new URL('./toys/register.ts', import.meta.url).href;
const env = { ENC_EXTENSIONS: toys };

it('shows a method that is added in the page: a row, a place in the legend, a choice in comparisons', () => {
  const state = ready(0.5);
  const plans = plansAt(plannerOf(state)!, 0.5);
  expect(plans.even!.plan.reached).toBe(true);
  const page = pageOf(withPlans(state, 0.5, plans));
  expect(page).toContain('<article class="');
  expect(page).toMatch(/<article[^>]*aria-label="Even"/);
  expect(page).toContain('<option value="even">Even</option>');
  expect(page.match(/Even/g)!.length).toBeGreaterThanOrEqual(4);
  // A colour of its own, not one of the others'.
  const colourOf = (name: string) =>
    new RegExp(`aria-label="${name}"[^>]*style="color:([^"]*)"`).exec(page)?.[1];
  const colours = methods.all.map(({ label }) => colourOf(label));
  expect(new Set(colours).size).toBe(methods.all.length);
});

it.runIf(isToday(1, 3))('offers and runs a method that is added on the command line', async () => {
  const help = await runEncWith(env, 'plan', '--help');
  expect(help.stderr).toContain('even');
  const { status, stdout, stderr } = await runEncWith(
    env,
    ...['plan', 'sample:vgg', '--target', '0.5', '--method', 'even', '--json'],
  );
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const plan = JSON.parse(stdout) as { readonly method: string; readonly achieved: number };
  expect(plan.method).toBe('even');
  expect(plan.achieved).toBeLessThanOrEqual(0.5);
});

it('does a job that is added by itself, and shows it in the page while it runs', async () => {
  // One thread of this process would be the same; these are the threads that a command line has.
  const studio = createNodeStudio({ threads: 1, modules: [toys] });
  try {
    const backend = unwrap(await studio.start('wasm'));
    const opened = unwrap(await studio.openImages(new AbortController().signal, [randomPictures(4, 8, 8)]));
    const store = createProjectStore({ ...withImages(ready(0.5), opened), backend });
    const pages: string[] = [];
    store.subscribe((state) => {
      if (isRunning(state.jobs, 'brightness')) pages.push(pageOf(state));
    });
    const jobs = () => backgroundJobs.all.filter(({ kind }) => kind === 'brightness');
    const runner = createJobRunner(store);
    const supervisor = supervise({ store, studio, caches: forgetful, runner, jobs });
    await supervisor.whenIdle();
    supervisor.close();
    const { bytes } = randomPictures(4, 8, 8);
    const pixels = bytes.subarray(bytes.length - 4 * 8 * 8 * 3);
    const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
    expect(brightness.of(store.getState(), opened.fingerprint)).toBeCloseTo(mean, 9);
    expect(pages[0]).toContain('Measuring the images’ brightness');
    expect(pages[0]).toContain('aria-label="Cancel: Measuring the images’ brightness"');
  } finally {
    studio.close();
  }
});

it.runIf(isToday(2, 3))('lists and does a job that is added on the command line', async () => {
  const help = await runEncWith(env, 'work', '--help');
  expect(help.stderr).toContain('brightness');
  const asked = ['work', 'sample:vgg', '--data', 'sample:vgg', '--jobs', 'brightness', '--json'];
  const { status, stdout } = await runEncWith(env, ...asked);
  expect(status).toBe(0);
  const { done } = JSON.parse(stdout) as { readonly done: readonly { readonly job: string }[] };
  expect(done.map(({ job }) => job)).toContain('brightness');
});

it('is what docs/EXTENDING.md says, to the letter', async () => {
  const { readFile } = await import('node:fs/promises');
  const at = (path: string) => readFile(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
  const guide = await at('../docs/EXTENDING.md');
  const body = (source: string) =>
    source
      .slice(source.search(/^export/m))
      .replace(/\/\*\*[^]*?\*\/\n/g, '')
      .trim();
  const plain = (text: string) => text.replaceAll(/\s+/g, ' ');
  const shown = plain(guide);
  for (const file of ['./toys/even.ts', './toys/brightness.ts', './toys/brightnessRun.ts']) {
    const source = plain(body(await at(file)).replace('rest: () => 0,', 'rest: () => 1000,'));
    expect(shown, file).toContain(source);
  }
});
