import type { Random } from './random';

/** Red, green and blue, each from 0 to 255. */
export type Colour = readonly [number, number, number];

/** Share of full brightness as the eye weighs it (Rec. 709 weights on the stored values), 0 to 1. */
export function luminance([red, green, blue]: Colour): number {
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}

/** Hue in turns, saturation and lightness from 0 to 1, as in CSS. */
export function fromHsl(hue: number, saturation: number, lightness: number): Colour {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number): number => {
    const position = (offset + hue * 12) % 12;
    return Math.round(255 * (lightness - reach * Math.max(-1, Math.min(position - 3, 9 - position, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

/** A random colour, from grey to vivid. */
export function randomColour(random: Random): Colour {
  return fromHsl(random.unit(), random.between(0.1, 0.95), random.between(0.12, 0.88));
}

/** A colour near the given one: what clutter is painted with. */
export function nearby(random: Random, [red, green, blue]: Colour, reach: number): Colour {
  const moved = (value: number): number =>
    Math.round(Math.min(255, Math.max(0, value + random.around(reach))));
  return [moved(red), moved(green), moved(blue)];
}

/**
 * A random colour whose luminance differs from the given one's by at least `contrast` (below 0.4, so that one exists
 * for every background).
 */
export function contrasting(random: Random, background: Colour, contrast: number): Colour {
  const dark = luminance(background);
  for (;;) {
    const colour = randomColour(random);
    if (Math.abs(luminance(colour) - dark) >= contrast) return colour;
  }
}

/** The colour as CSS text. */
export function css([red, green, blue]: Colour): string {
  return `rgb(${String(red)} ${String(green)} ${String(blue)})`;
}
