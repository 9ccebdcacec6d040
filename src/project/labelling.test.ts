import { describe, expect, it } from 'vitest';
import type { ClassOrderId } from '../network/classOrders';
import type { ImagesSummary, NamedLabelling } from '../../workers/protocol/summaries';
import { assumptionOf } from './assumptions';
import { orderTask } from './jobs/classOrder';
import { detect } from './jobs/detect';
import { orderQuestion, setFingerprint } from './labelling';
import { images, network, opened } from './testing/states';
import {
  withImages,
  withNetwork,
  withOrderNote,
  withPreprocessing,
  withSettings,
  withTuning,
} from './transitions';

const reading = (column: string | null, order: ClassOrderId, ...labels: number[]): NamedLabelling => ({
  column,
  order,
  labels: Int32Array.from(labels),
  classNames: ['x', 'y'],
  matching: { by: 'order', file: null },
  fingerprint: `four by ${column} in order ${order}`,
});
const readings = [
  reading('dx', 'numeric', 1, 0, 1, 0),
  reading('dx', 'text', 0, 1, 0, 1),
  reading('sex', 'text', 1, 1, 0, 0),
];
const columns = ['dx', 'sex'].map((name) => ({ name, reason: `${name} it is`, problem: null }));
const { fingerprint, labels, classNames, matching } = readings[0]!;
const set: ImagesSummary = {
  ...{ ...images, fingerprint, labels, classNames, matching },
  labelChoices: { readings, table: { file: 't.csv', columns }, notes: ['1 of 5 rows names no picture'] },
};
const start = () => withImages(opened(), set);
const labelsOf = (state: ReturnType<typeof start>) => [...state.images!.labels!];
const noteOf = (decided: ClassOrderId | null) => ({
  images: 4,
  rows: [
    { order: 'text', correct: 4 },
    { order: 'numeric', correct: 0 },
  ] as const,
  decided,
});

describe('labels that may be read in several ways', () => {
  it('are as the files suggest until the network was asked', () => {
    const state = start();
    expect(labelsOf(state)).toEqual([1, 0, 1, 0]);
    const { key } = orderQuestion(state.images, state)!;
    const asked = withOrderNote(state, key, noteOf('text'));
    expect(labelsOf(asked)).toEqual([0, 1, 0, 1]);
    expect(asked.images!.fingerprint).toBe(readings[1]!.fingerprint);
    expect(setFingerprint(asked.images!)).toBe(set.fingerprint);
    expect(asked.document.images!.fingerprint).toBe(set.fingerprint);
    expect(orderTask(asked.images, asked)).toBeNull();
  });

  it('stay so where the answers decide nothing, which is said', () => {
    const state = start();
    const asked = withOrderNote(state, orderQuestion(state.images, state)!.key, noteOf(null));
    expect(labelsOf(asked)).toEqual([1, 0, 1, 0]);
    expect(assumptionOf('classes', asked)!.because).toBe(
      'it could not be decided: 0 of 4 images right; sorted as text: 4',
    );
    expect(orderTask(asked.images, asked)).toBeNull();
  });

  it('are what a person chooses, column and order, and go back with it', () => {
    const state = start();
    const bySex = withSettings(state, { labelColumn: 'SEX ' });
    expect(labelsOf(bySex)).toEqual([1, 1, 0, 0]);
    expect(assumptionOf('labels', bySex)).toMatchObject({
      value: 'sex, of t.csv',
      because: 'it was chosen; 1 of 5 rows names no picture',
      alternatives: [
        { value: 'dx', text: 'dx: dx it is' },
        { value: 'auto', text: 'the likeliest' },
      ],
    });
    // One order only: nothing to ask.
    expect(orderQuestion(bySex.images, bySex)).toBeNull();
    const byText = withSettings(state, { classOrder: 'text' });
    expect(labelsOf(byText)).toEqual([0, 1, 0, 1]);
    expect(assumptionOf('classes', byText)).toMatchObject({
      value: 'sorted as text: x, y (2 classes)',
      because: 'it was chosen',
      alternatives: [
        { value: 'numeric', text: 'numbers from 0' },
        { value: 'auto', text: 'the one that most images are right by' },
      ],
    });
    const back = withSettings(withSettings(byText, { labelColumn: 'sex' }), {
      labelColumn: null,
      classOrder: 'auto',
    });
    expect(back.images).toEqual(state.images);
  });

  it('are asked for anew of another network, and with another preprocessing', () => {
    const state = start();
    const asked = withOrderNote(state, orderQuestion(state.images, state)!.key, noteOf('text'));
    const other = withNetwork(asked, 'other', { ...network, fingerprint: 'network-2' });
    expect([labelsOf(other), orderTask(other.images, other) !== null]).toEqual([[1, 0, 1, 0], true]);
    const raw = withPreprocessing(asked, { channels: 'rgb', mean: [0], scale: [1] });
    expect(orderTask(raw.images, raw)).not.toBeNull();
    const again = withPreprocessing(raw, asked.document.settings.preprocessing);
    expect(labelsOf(again)).toEqual([0, 1, 0, 1]);
  });

  it('of images for tuning are read alike', () => {
    const state = withSettings(withTuning(start(), set), { labelColumn: 'sex' });
    expect([...state.tuning!.labels!]).toEqual([1, 1, 0, 0]);
  });

  it('leave what was chosen behind when other images are opened, not when the same are read again', () => {
    const chosen = withSettings(start(), { labelColumn: 'sex', classOrder: 'text' });
    expect(withImages(chosen, set).document.settings).toMatchObject({ labelColumn: 'sex' });
    const other = withImages(chosen, { ...set, name: 'five' });
    expect(other.document.settings).toMatchObject({ labelColumn: null, classOrder: 'auto' });
    expect(labelsOf(other)).toEqual([1, 0, 1, 0]);
  });

  it('that a person chooses let detection run again, unless the preprocessing was chosen, too', () => {
    const { preprocessing } = opened().document.settings;
    const best = { preset: 'zero-to-one', preprocessing } as const;
    const detection = {
      network: network.fingerprint,
      images: set.fingerprint,
      best,
      rows: [],
      isGuess: false,
    };
    const found = withPreprocessing(start(), preprocessing);
    const backend = { backend: 'wasm', adapter: null, reason: 'Tested.', threads: 2 } as const;
    const detected = { ...found, backend, document: { ...found.document, detection } };
    expect(detect.wanted(detected)).toEqual([]);
    const bySex = withSettings(detected, { labelColumn: 'sex' });
    expect(detect.wanted(bySex)).toHaveLength(1);
    const chosen = withPreprocessing(detected, { ...preprocessing, scale: [1] });
    expect(detect.wanted(withSettings(chosen, { labelColumn: 'sex' }))).toEqual([]);
  });
});
