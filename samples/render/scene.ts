import { contrasting, nearby, randomColour } from './colour';
import type { Colour } from './colour';
import { randomCamera, randomFinish } from './camera';
import type { Camera, Finish } from './camera';
import type { Random } from './random';

/** World coordinates: the camera looks at the square from −1 to 1, the canvas shows −2 to 2, y points down. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export type Background =
  | { readonly kind: 'gradient'; readonly from: Colour; readonly to: Colour; readonly angle: number }
  | {
      readonly kind: 'stripes';
      readonly from: Colour;
      readonly to: Colour;
      readonly angle: number;
      readonly period: number;
    };

export type Shape =
  | { readonly kind: 'disc'; readonly centre: Point; readonly radius: number; readonly colour: Colour }
  | {
      readonly kind: 'ring';
      readonly centre: Point;
      readonly radius: number;
      readonly width: number;
      readonly colour: Colour;
    }
  | {
      readonly kind: 'bar';
      readonly from: Point;
      readonly to: Point;
      readonly width: number;
      readonly colour: Colour;
    }
  | { readonly kind: 'triangle'; readonly corners: readonly [Point, Point, Point]; readonly colour: Colour };

export interface Plate {
  readonly kind: 'disc' | 'square' | 'diamond';
  readonly size: number;
  readonly colour: Colour;
  readonly rim: Colour;
}

/** A font file as the page knows it. */
export interface Face {
  readonly family: string;
  readonly weight: number;
}

/** A letter fitted into a box of the given height (and at most `width` wide) around its centre. */
export interface Glyph {
  readonly letter: string;
  readonly face: Face;
  readonly centre: Point;
  readonly height: number;
  readonly width: number;
  readonly colour: Colour;
  readonly outline: Colour | null;
  readonly shadow: Colour | null;
}

/** Everything one image shows, and how it is seen. */
export interface Scene {
  readonly background: Background;
  readonly behind: readonly Shape[];
  readonly plate: Plate | null;
  readonly neighbours: readonly Glyph[];
  readonly glyph: Glyph;
  readonly before: readonly Shape[];
  readonly camera: Camera;
  readonly finish: Finish;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const GLYPH_HEIGHT = 1.15;
const GLYPH_WIDTH = 1.25;
const MIN_CONTRAST = 0.24;

/** Draws the lots for one image of the letter in the given face. */
export function randomScene(random: Random, letter: string, face: Face): Scene {
  const ground = randomColour(random);
  const plate = random.chance(0.4) ? randomPlate(random, ground) : null;
  const surface = plate?.colour ?? ground;
  const glyph = mainGlyph(random, letter, face, surface);
  return {
    background: randomBackground(random, ground),
    behind: times(2 + random.below(6), () => randomShape(random, nearby(random, ground, 90))),
    plate,
    neighbours: plate ? [] : randomNeighbours(random, glyph),
    glyph,
    before: times(random.below(3), () =>
      scratch(random, nearby(random, random.chance(0.5) ? surface : glyph.colour, 60)),
    ),
    camera: randomCamera(random),
    finish: randomFinish(random),
  };
}

function times<Item>(count: number, make: () => Item): Item[] {
  return Array.from({ length: count }, make);
}

function randomPoint(random: Random, reach: number): Point {
  return { x: random.between(-reach, reach), y: random.between(-reach, reach) };
}

function randomBackground(random: Random, ground: Colour): Background {
  const to = nearby(random, ground, 70);
  const angle = random.between(0, Math.PI);
  return random.chance(0.6)
    ? { kind: 'gradient', from: ground, to, angle }
    : {
        kind: 'stripes',
        from: ground,
        to: nearby(random, ground, 50),
        angle,
        period: random.between(0.3, 0.9),
      };
}

function randomShape(random: Random, colour: Colour): Shape {
  const centre = randomPoint(random, 1.3);
  switch (random.below(4)) {
    case 0:
      return { kind: 'disc', centre, radius: random.between(0.15, 0.5), colour };
    case 1:
      return {
        kind: 'ring',
        centre,
        radius: random.between(0.2, 0.7),
        width: random.between(0.08, 0.2),
        colour,
      };
    case 2:
      return {
        kind: 'bar',
        from: centre,
        to: randomPoint(random, 1.5),
        width: random.between(0.08, 0.3),
        colour,
      };
    default:
      return {
        kind: 'triangle',
        corners: [centre, randomPoint(random, 1.4), randomPoint(random, 1.4)],
        colour,
      };
  }
}

/** A thin stroke in front of the letter. */
function scratch(random: Random, colour: Colour): Shape {
  const from = randomPoint(random, 1);
  const to = { x: from.x + random.around(1.4), y: from.y + random.around(1.4) };
  return { kind: 'bar', from, to, width: random.between(0.05, 0.14), colour };
}

function randomPlate(random: Random, ground: Colour): Plate {
  const colour = contrasting(random, ground, 0.1);
  return {
    kind: random.pick(['disc', 'square', 'diamond'] as const),
    size: random.between(0.95, 1.15),
    colour,
    rim: contrasting(random, colour, 0.2),
  };
}

function mainGlyph(random: Random, letter: string, face: Face, surface: Colour): Glyph {
  const colour = contrasting(random, surface, MIN_CONTRAST);
  const decorated = random.unit();
  return {
    letter,
    face,
    centre: { x: random.around(0.22), y: random.around(0.22) },
    height: GLYPH_HEIGHT,
    width: GLYPH_WIDTH,
    colour,
    outline: decorated < 0.12 ? contrasting(random, colour, 0.25) : null,
    shadow: decorated > 0.85 ? contrasting(random, colour, 0.25) : null,
  };
}

/** Letters to the left and right, as in a word, partly out of sight. */
function randomNeighbours(random: Random, { face, colour, centre }: Glyph): Glyph[] {
  return [-1, 1]
    .filter(() => random.chance(0.35))
    .map((side) => ({
      letter: random.pick([...LETTERS]),
      face,
      centre: { x: centre.x + side * random.between(1.25, 1.5), y: centre.y + random.around(0.2) },
      height: GLYPH_HEIGHT,
      width: 1,
      colour: nearby(random, colour, 40),
      outline: null,
      shadow: null,
    }));
}
