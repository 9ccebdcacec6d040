import { describe, expect, it } from 'vitest';
import { recipeKey } from '../../compression/recipe';
import { readDocument } from '../../project/documentText';
import { imagesKey } from '../../project/measurement';
import { imageParts } from '../../project/images';
import { ready } from '../../project/testing/states';
import { withMeasurement } from '../../project/foundTransitions';
import { sessionOf } from './sessionOf';
import { goesOn, withSettingsLeft, type TabNote } from './sessionRecord';
import { initialState, type StudioState } from './state';

const page: StudioState = { ...initialState, ...ready(0.5) };

describe('a record of a session', () => {
  it('holds the document as it stands, and says what it is about', () => {
    const record = sessionOf(page, 'one', {}, 5);
    expect(readDocument(record.document, 'one')).toEqual(page.document);
    expect(record).toMatchObject({ id: 'one', title: 'small · four', savedAt: 5 });
    expect(record.state).toBe('ENC-Map at 50\u00a0%');
    // Of the layers that may be cut, ranks as shares of r_max.
    expect(record.ranks).toHaveLength(2);
    expect(record.ranks.every((share) => share > 0 && share <= 1)).toBe(true);
  });

  it('tells the chosen plan’s accuracy once it was measured', () => {
    const { recipe } = page.completed!.plans.map!;
    const measured = withMeasurement(page, recipe, {
      ...{ recipe: recipeKey(recipe), images: imagesKey(imageParts(page)!.report.drawn), achieved: 0.5 },
      ...{ count: 4, top1: 3, top5: 4, answers: [0, 1, 1, 1], methods: ['map'] },
    });
    expect(sessionOf(measured, 'one', {}, 5).state).toBe('ENC-Map at 50\u00a0%: 75.0\u00a0% right');
  });

  it('names a sample', () => {
    const samples = { ...page.samples, opened: { 'network-1': 'vgg' } };
    expect(sessionOf({ ...page, samples }, 'one', {}, 5).title).toBe('Sample vgg · four');
  });
});

describe('a page that was left before its session was saved', () => {
  const record = sessionOf(page, 'one', {}, 50);
  const { settings } = page.document;
  const bounds = { ...settings, target: 0.3, limits: { a: { least: 2, most: 2 } } };
  const settingsAfter = (left: TabNote['left']) => {
    const note = { id: 'one', address: 'http://here/', ...(left && { left }) };
    return readDocument(withSettingsLeft(record, note).document, 'one').settings;
  };
  it('comes back with the settings that it was left with, through JSON, where the record is older', () => {
    const kept: unknown = JSON.parse(JSON.stringify(bounds));
    expect(settingsAfter({ settings: kept, at: 51 })).toEqual(bounds);
    expect(settingsAfter({ settings: kept, at: 49 })).toEqual(settings);
  });
  it('goes by the record where nothing was left, or what is no settings', () => {
    expect(settingsAfter(undefined)).toEqual(settings);
    expect(settingsAfter({ settings: { target: 'much' }, at: 51 })).toEqual(settings);
  });
});

describe('a page that begins', () => {
  const note = { id: 'one', address: 'http://here/?target=0.5' };
  it('goes on with the tab’s session where it was loaded again, come back to, or asked for nothing else', () => {
    for (const navigation of ['reload', 'back_forward'])
      expect(goesOn(note, navigation, 'http://here/?target=0.3')).toBe(true);
    expect(goesOn(note, 'navigate', note.address)).toBe(true);
  });
  it('does what a link asks for, and begins anew in a new tab', () => {
    expect(goesOn(note, 'navigate', 'http://here/?sample=vgg')).toBe(false);
    expect(goesOn(null, 'reload', note.address)).toBe(false);
  });
});
