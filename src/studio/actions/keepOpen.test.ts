import { expect, test } from 'vitest';
import type { ImagesSummary, NetworkSummary } from '../../../workers/protocol/summaries';
import { createStudioStore } from '../store/store';
import { keepOpen } from './keepOpen';

/** A page whose threads note what they are to let go of. */
function page() {
  const store = createStudioStore();
  const closed: string[] = [];
  keepOpen(store, {
    closeFiles: (names, open) => closed.push(...[...names].filter((name) => !open.has(name))),
  });
  const named = <T>(fingerprint: string) => ({ fingerprint }) as T;
  return {
    closed,
    openImages: (name: string) => store.setState({ images: named<ImagesSummary>(name) }),
    openNetwork: (name: string) =>
      store.setState({
        network: {
          ...{ title: '', summary: named<NetworkSummary>(name), opened: named<NetworkSummary>(name) },
          ...{ curves: new Map(), spectra: new Map(), foreseen: new Set<string>() },
        },
      }),
    openTuning: (name: string) => store.setState({ tuning: named<ImagesSummary>(name) }),
  };
}

test('of 257 sets the threads keep the one in use and the last four before it', () => {
  const { closed, openImages } = page();
  for (let index = 0; index < 257; index++) openImages(`set ${index}`);
  expect(closed).toEqual(Array.from({ length: 252 }, (_, index) => `set ${index}`));
});

test('what is in use stays open, however long ago it was opened', () => {
  const { closed, openImages, openNetwork, openTuning } = page();
  openNetwork('network');
  openTuning('tuning');
  for (let index = 0; index < 20; index++) openImages(`set ${index}`);
  expect(closed).not.toContain('network');
  expect(closed).not.toContain('tuning');
  openNetwork('other');
  for (let index = 20; index < 30; index++) openImages(`set ${index}`);
  expect(closed).toContain('network');
});

test('what is opened again is in use again', () => {
  const { closed, openImages } = page();
  for (const name of ['a', 'b', 'a', 'c', 'd', 'a', 'e', 'f', 'g', 'a']) openImages(name);
  expect(closed).not.toContain('a');
  expect(closed).toEqual(['b', 'c']);
});
