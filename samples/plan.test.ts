import { describe, expect, it } from 'vitest';
import { FAMILIES } from './families';
import { planImages } from './plan';
import { CLASS_NAMES, IMAGE_SETS } from './task';

const faces = FAMILIES.calibration.map((family) => [{ family, weight: 400 }]);

describe('planImages', () => {
  it('shows every letter equally often', () => {
    const images = planImages('calibration', faces);
    for (const [label, letter] of CLASS_NAMES.entries()) {
      const shown = images.filter((image) => image.letter === letter);
      expect(shown).toHaveLength(IMAGE_SETS.calibration.perClass);
      expect(shown.every((image) => image.label === label)).toBe(true);
    }
  });

  it('gives the same plan twice and never the same random numbers to two images', () => {
    const images = planImages('calibration', faces);
    expect(planImages('calibration', faces)).toEqual(images);
    expect(new Set(images.map(({ stream, index }) => `${stream}/${index}`)).size).toBe(images.length);
  });

  it('mixes the letters, so that the first images are a fair sample', () => {
    const first = planImages('calibration', faces).slice(0, 260);
    expect(new Set(first.map(({ letter }) => letter)).size).toBeGreaterThan(20);
  });
});

describe('FAMILIES', () => {
  it('uses no font in two sets', () => {
    const all = Object.values(FAMILIES).flat();
    expect(new Set(all).size).toBe(all.length);
  });
});
