/** Where a mark belongs, in pixels of a plot. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Marks nearer than this to each other hide one another, in pixels. */
const room = { x: 11, y: 12 } as const;
/** Marks that are moved by more steps than this would stand with another target. */
const mostSteps = 6;

/**
 * How far each mark is moved aside so that none hides another, in pixels: not at all where there is room, else by
 * turns to the right and left. Marks that come first stay where they belong.
 */
export function asides(places: readonly Place[]): readonly number[] {
  const taken: Place[] = [];
  return places.map(({ x, y }) => {
    const free = steps.find(
      (step) =>
        !taken.some((own) => Math.abs(own.x - x - step * room.x) < room.x && Math.abs(own.y - y) < room.y),
    );
    const aside = (free ?? 0) * room.x;
    taken.push({ x: x + aside, y });
    return aside;
  });
}

/** 0, 1, −1, 2, −2, … */
const steps = Array.from({ length: 2 * mostSteps + 1 }, (_, index) =>
  index === 0 ? 0 : Math.ceil(index / 2) * (index % 2 === 1 ? 1 : -1),
);
