import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  defaultDistil,
  distilSettingsOf,
  distilStep,
  mayFlip,
  optimisers,
} from '../compression/steps/distil';
import { outcomeOf, runCourse, type CourseHelpers, type CourseRequest, type CourseState } from './course';
import { batchesOf, partsOf, rateOf, splitForDistilling } from './schedule';
import { answersOf, bowl } from './testing/bowl';

const request = (more: Partial<CourseRequest> = {}): CourseRequest => ({
  settings: { ...defaultDistil, epochs: 6, rate: 0.05, batch: 4, views: 2 },
  seed: 3,
  trained: Uint32Array.from({ length: 21 }, (_, index) => 2 * index),
  initial: Float32Array.of(0, 0, 0),
  matrices: [],
  now: () => 0,
  ...more,
});

test('the best state is kept, and it is closer than the start', async () => {
  const state = await runCourse(request(), bowl([0.5, -0.25, 1]));
  expect(state.records).toHaveLength(7);
  const least = Math.min(...state.records.map(({ divergence }) => divergence));
  expect(state.records[state.best.epoch]!.divergence).toBe(least);
  expect(outcomeOf(state)).toBe(state.best.weights);
  expect(state.records.at(-1)!.agreement).toBe(0.6);
});

test('where no state is closer than the start beyond chance, there is none', async () => {
  const state = await runCourse(request(), bowl([0, 0, 0]));
  expect(outcomeOf(state)).toBeNull();
  const before = Float64Array.of(1, 2, 3, 4);
  const unsure = {
    ...state,
    before,
    best: { epoch: 1, weights: state.weights, divergences: Float64Array.of(0, 3, 2, 4.9) },
  };
  expect(outcomeOf(unsure)).toBeNull();
});

test.each(optimisers)(
  'a course by %s that goes on from any epoch ends as one that was never stopped',
  async (optimiser) => {
    const settings = { ...request().settings, optimiser };
    const matrices = [{ offset: 1, rows: 2, columns: 1 }];
    const told: CourseState[] = [];
    const whole = await runCourse(
      request({ settings, matrices, onEpoch: (state) => told.push(structuredClone(state)) }),
      bowl([1, 2, 3]),
    );
    expect(told).toHaveLength(7);
    for (const resume of told)
      expect(await runCourse(request({ settings, matrices, resume }), bowl([1, 2, 3]))).toEqual(whole);
  },
);

test('parts of a batch that come back in another order change nothing', async () => {
  const plain = bowl([1, 2, 3]);
  let turn = 0;
  const late: CourseHelpers = {
    ...plain,
    gradient: async (...given) => {
      for (let wait = (turn += 3) % 5; wait > 0; wait--) await Promise.resolve();
      return plain.gradient(...given);
    },
  };
  expect(await runCourse(request(), late)).toEqual(await runCourse(request(), plain));
});

test('what is judged and returned is the running mean of the weights', async () => {
  const settings = { ...request().settings, optimiser: 'sgd', clip: 1e9, average: 0.75 } as const;
  const goal = [0.5, -0.25, 1];
  const judged: Float32Array[] = [];
  const plain = bowl(goal);
  const helpers: CourseHelpers = {
    ...plain,
    judge: (weights, step) => (judged.push(weights.slice()), plain.judge(weights, step)),
  };
  const state = await runCourse(request({ settings, trained: Uint32Array.of(1, 2, 3, 4) }), helpers);
  // One batch an epoch, all of whose images pull alike.
  let [weights, momentum, mean] = [goal, goal, goal].map((all) => all.map(() => 0)) as [
    number[],
    number[],
    number[],
  ];
  for (let epoch = 1; epoch <= 6; epoch++) {
    momentum = momentum.map((value, at) => 0.9 * value + 2 * (weights[at]! - goal[at]!));
    const rate = rateOf(epoch - 1, 6, settings.rate, settings.warmUp);
    weights = weights.map((value, at) => value - rate * momentum[at]!);
    mean = mean.map((value, at) => 0.75 * value + 0.25 * weights[at]!);
    mean.forEach((value, at) => expect(judged[epoch]![at]).toBeCloseTo(value, 5));
  }
  expect(outcomeOf(state)).toEqual(judged[state.best.epoch]);
  const unaveraged = await runCourse(request({ settings: { ...settings, average: 0 } }), plain);
  expect(unaveraged.averaged).toEqual(unaveraged.weights);
});

test('no epoch begins when the minutes are over', async () => {
  let minute = 0;
  const settings = { ...request().settings, minutes: 2 };
  const state = await runCourse(request({ settings, now: () => 60_000 * minute++ }), bowl([1, 1, 1]));
  expect(state.records.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
});

/** What images undergo at least here. */
const still = { shift: 3, zoom: 0, flip: false, blend: 0, windows: 0, views: 0 };

test('every image is drawn at most once an epoch, and within the limits', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 70 }),
      fc.integer({ min: 1, max: 30 }),
      fc.nat(50),
      (count, batch, epoch) => {
        const indices = Uint32Array.from({ length: count }, (_, index) => 3 * index);
        const batches = batchesOf(indices, batch, epoch, 9, { ...still, blend: 0.5 });
        const drawn = batches.flat();
        expect(drawn).toHaveLength(Math.min(count, Math.max(1, Math.floor(count / batch)) * batch));
        expect(new Set(drawn.map(({ index }) => index)).size).toBe(drawn.length);
        expect(
          drawn.every(
            ({ down, right, isFlipped }) => Math.max(Math.abs(down), Math.abs(right)) <= 3 && !isFlipped,
          ),
        ).toBe(true);
        expect(batches.flatMap((own) => partsOf(own)).flat()).toEqual(drawn);
        const others = drawn.map(({ blended }) => blended!);
        expect(others.every(({ share }) => share >= 0 && share < 0.5)).toBe(true);
        expect(new Set(others.map(({ other }) => other.index)).size).toBe(drawn.length);
        const unblended = batchesOf(indices, batch, epoch, 9, still).flat();
        expect(unblended).toEqual(drawn.map((image) => ({ ...image, blended: null })));
      },
    ),
  );
});

test('images are zoomed and covered within the limits, as many as is said', () => {
  const indices = Uint32Array.from({ length: 2000 }, (_, at) => at);
  const of = (more: object) => batchesOf(indices, 50, 1, 4, { ...still, ...more }).flat();
  expect(of({}).every(({ pitch, blended }) => pitch === 1 && blended === null)).toBe(true);
  const pitches = of({ zoom: 0.25 }).map(({ pitch }) => pitch);
  expect(Math.min(...pitches)).toBeGreaterThanOrEqual(0.75);
  expect(Math.max(...pitches)).toBeLessThan(1.25);
  expect(pitches.reduce((sum, pitch) => sum + pitch, 0) / 2000).toBeCloseTo(1, 1);
  const mixed = of({ blend: 0.5, windows: 0.25 }).map(({ blended }) => blended!);
  const covered = mixed.filter(({ window }) => window !== null);
  expect(covered.length / 2000).toBeGreaterThan(0.2);
  expect(covered.length / 2000).toBeLessThan(0.3);
  expect(covered.every(({ share }) => share === 1)).toBe(true);
  for (const { window } of covered) {
    const { top, left, height, width } = window!;
    expect(Math.min(height, width)).toBeGreaterThanOrEqual(1 / 8);
    expect(Math.max(height, width)).toBeLessThan(3 / 4);
    expect(Math.min(top, left)).toBeGreaterThanOrEqual(0);
    expect(Math.max(top + height, left + width)).toBeLessThanOrEqual(1);
  }
  expect(mixed.every(({ share, window }) => window !== null || share < 0.5)).toBe(true);
});

test('images are seen again behind as many epochs as there are views, in another order', () => {
  const indices = Uint32Array.from({ length: 12 }, (_, at) => at);
  const augmentation = { shift: 3, zoom: 0.2, flip: true, blend: 0.5, windows: 0.5, views: 2 };
  const seen = [1, 2, 3, 4, 5].map((epoch) => batchesOf(indices, 4, epoch, 9, augmentation).flat());
  const named = (epoch: number) => new Map(seen[epoch - 1]!.map((image) => [image.index, image]));
  expect(named(3)).toEqual(named(1));
  expect(named(4)).toEqual(named(2));
  expect(named(5)).toEqual(named(1));
  expect(named(2)).not.toEqual(named(1));
  const orders = seen.map((images) => images.map(({ index }) => index).join());
  expect(new Set(orders).size).toBe(5);
  const anew = [1, 3].map((epoch) => batchesOf(indices, 4, epoch, 9, { ...augmentation, views: 0 }).flat());
  expect(anew[0]).toEqual(seen[0]);
  expect(anew[1]!.every(({ view }) => view === 3)).toBe(true);
});

test.each([0, 1, 3])(
  'the original is asked once what it says of an image, seen in %d ways',
  async (views) => {
    const settings = { ...request().settings, epochs: 7, views };
    const plain = bowl([1, 2, 3]);
    const asked: string[] = [];
    const helpers: CourseHelpers = {
      ...plain,
      gradient: (weights, step, part, known) => {
        if (known) expect(known).toEqual(answersOf(part));
        else asked.push(...part.map(({ index, view }) => `${index} ${view}`));
        return plain.gradient(weights, step, part, known);
      },
    };
    const { answers } = await runCourse(request({ settings }), helpers);
    // 21 images in batches of 4: another one stays out of every epoch, and is asked about with its part when it comes.
    if (views === 0) expect([asked.length, answers.length]).toEqual([140, 0]);
    else {
      expect(asked.length).toBeGreaterThanOrEqual(20 * views);
      expect(asked.length).toBeLessThanOrEqual((20 + 7 * 2) * views);
      expect(answers).toHaveLength(2 * 21 * views);
    }
  },
);

test('answers that would take too much memory are not kept', async () => {
  const plain = bowl([1, 2, 3]);
  const large = Float32Array.from({ length: 4 * 2 ** 21 });
  let asked = 0;
  const helpers: CourseHelpers = {
    ...plain,
    gradient: async (weights, step, part, known) => {
      expect(known).toBeNull();
      asked++;
      return { ...(await plain.gradient(weights, step, part, known)), answers: large };
    },
  };
  const settings = { ...request().settings, epochs: 2, views: 1 };
  const { answers } = await runCourse(
    request({ settings, trained: Uint32Array.from({ length: 8 }, (_, at) => at) }),
    helpers,
  );
  expect([asked, answers.length]).toEqual([16, 0]);
});

test('the rate rises, then falls to nearly nothing', () => {
  const rates = Array.from({ length: 100 }, (_, step) => rateOf(step, 100, 1, 0.1));
  expect(rates[0]).toBeCloseTo(1 / 11, 12);
  expect(rates[10]).toBe(1);
  expect(rates[55]).toBeCloseTo(0.5, 12);
  expect(rates[99]).toBeLessThan(1e-3);
  expect(rates.slice(10).every((rate, at) => at === 0 || rate < rates[9 + at]!)).toBe(true);
});

test('a fifth of the images is held back, at least one, whatever their number', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 900 }), (count) => {
      const { trained, heldBack } = splitForDistilling(
        Uint32Array.from({ length: count }, (_, at) => at),
        5,
      );
      expect(heldBack.length).toBe(Math.ceil(0.2 * count));
      expect(new Set([...trained, ...heldBack]).size).toBe(count);
    }),
  );
});

test('settings out of their bounds are none', () => {
  const images = {
    images: 'a',
    draw: { kind: 'all' },
    preprocessing: { channels: 'rgb', mean: [0], scale: [1] },
  } as const;
  expect(distilSettingsOf(distilStep(images, 1, { epochs: 3 }).settings)).toEqual({
    ...defaultDistil,
    epochs: 3,
  });
  for (const wrong of [
    { epochs: 1.5 },
    { rate: -1 },
    { batch: 0 },
    { optimiser: 'newton' },
    { flip: 1 },
    { clip: NaN },
  ])
    expect(distilSettingsOf({ ...defaultDistil, ...wrong })).toBeNull();
  expect([1, 3].map(mayFlip)).toEqual([false, true]);
});
