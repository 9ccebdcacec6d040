import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { defaultDistil } from '../compression/steps/distil';
import { startNodeBackend } from '../engine/testing/nodeBackend';
import { noiseImages } from '../engine/testing/images';
import { divergences } from '../answers/divergence';
import { factoriseLayer } from '../network/factors';
import type { Network } from '../network/graph';
import { rewriteNetwork } from '../network/rewrite';
import {
  activation,
  chainOf,
  randomDense,
  seededNumbers,
  smallResidualNetwork,
} from '../network/testing/builders';
import { requireLayer } from '../network/layerNodes';
import { augmented, blend } from './augment';
import { outcomeOf, runCourse, type CourseHelpers } from './course';
import { Distiller } from './distiller';
import { logitsOf, ofClasses, ofValues } from './logits';
import { distillationLoss, sameAnswers, softenedDivergences } from './loss';
import { judgedImages, splitForDistilling } from './schedule';

beforeAll(() => startNodeBackend('wasm'));

const none = () => undefined;

/** A small network and itself with two layers cut. */
function pair(): { readonly teacher: Network; readonly student: Network } {
  const teacher = smallResidualNetwork(2);
  const layers = new Map(teacher.nodes.map((node) => [node.name, node]));
  const student = rewriteNetwork(teacher, { down: 3, hidden: 4 }, (name) =>
    factoriseLayer(requireLayer(layers.get(name)!), name === 'down' ? 'spatial' : 'dense', 12),
  );
  return { teacher, student };
}

const images = noiseImages(40, 12, 12);
const preprocessing = { channels: 'rgb', mean: [128], scale: [1 / 64] } as const;
const settings = { ...defaultDistil, epochs: 4, batch: 8, rate: 2e-3, shift: 1, views: 2 };

function helpersOf(distiller: Distiller, heldBack: Uint32Array): CourseHelpers {
  return {
    gradient: (weights, step, part, known) => distiller.gradient(weights, step, part, known, none),
    judge: (weights) => distiller.judge(weights, judgedImages(heldBack, 1, settings), none),
  };
}

test('a cut network comes closer to the original, and leaves nothing behind', async () => {
  const before = tf.memory().numTensors;
  const distiller = new Distiller({ ...pair(), images, preprocessing, settings });
  const { trained, heldBack } = splitForDistilling(
    Uint32Array.from({ length: 40 }, (_, at) => at),
    1,
  );
  const tensors: number[] = [];
  const request = {
    settings,
    seed: 1,
    trained,
    initial: distiller.student.initial,
    matrices: [],
    now: () => 0,
  };
  const onEpoch = () => tensors.push(tf.memory().numTensors);
  const state = await runCourse({ ...request, onEpoch }, helpersOf(distiller, heldBack));
  expect(state.records.at(-1)!.divergence).toBeLessThan(0.8 * state.records[0]!.divergence);
  expect(outcomeOf(state)).not.toBeNull();
  expect(new Set(tensors.slice(1)).size).toBe(1);
  expect(await runCourse(request, helpersOf(distiller, heldBack))).toEqual(state);
  distiller.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('the loss of an original by itself has no gradient', async () => {
  const { teacher } = pair();
  const distiller = new Distiller({ teacher, student: teacher, images, preprocessing, settings });
  const part = [3, 7].map((index) => ({
    index,
    view: 1,
    down: 1,
    right: 0,
    pitch: 1,
    isFlipped: true,
    blended: null,
  }));
  const { loss, gradient } = await distiller.gradient(distiller.student.initial, 0, part, null, none);
  expect(Math.abs(loss)).toBeLessThan(1e-6);
  expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(1e-3);
  distiller.dispose();
});

test('the gradient of the loss is that of its differences', () => {
  const numbers = seededNumbers(3);
  const [student, teacher] = [numbers.values(15, 3), numbers.values(15, 3)];
  const labels = [4, -1, 0];
  const lossAt = (logits: Float32Array) => distillationLoss(logits, teacher, 5, 4, labels, 0.5).sum;
  const { gradient } = distillationLoss(student, teacher, 5, 4, labels, 0.5);
  gradient.forEach((slope, at) => {
    const moved = [1, -1].map((sign) =>
      student.map((value, index) => (index === at ? value + sign / 256 : value)),
    );
    expect(slope).toBeCloseTo((lossAt(moved[0]!) - lossAt(moved[1]!)) * 128, 3);
  });
});

test('the judgement is the softened divergence of the answers, and how many are the same', () => {
  const numbers = seededNumbers(4);
  const [student, teacher] = [numbers.values(20, 2), numbers.values(20, 2)];
  const scoresOf = (logits: Float32Array, temperature: number) => ({
    ...{ classes: 5, kind: 'logits' as const },
    scores: logits.map((value) => value / temperature),
  });
  for (const temperature of [1, 2, 4]) {
    const judged = softenedDivergences(student, teacher, 5, temperature);
    const expected = divergences(scoresOf(teacher, temperature), scoresOf(student, temperature));
    judged.forEach((value, image) => expect(value).toBeCloseTo(expected[image]!, 6));
  }
  expect(sameAnswers(teacher, teacher, 5)).toBe(4);
  const other = teacher.slice();
  other[3] = 100;
  const isOther = teacher.slice(0, 5).indexOf(Math.max(...teacher.slice(0, 5))) !== 3;
  expect(sameAnswers(other, teacher, 5)).toBe(isOther ? 3 : 4);
});

test('every state is judged on the same images, changed as those that are trained on', async () => {
  const distiller = new Distiller({ ...pair(), images, preprocessing, settings });
  const judged = judgedImages(Uint32Array.of(5, 6, 7, 8, 9), 1, settings);
  expect(judged).toEqual(judgedImages(Uint32Array.of(5, 6, 7, 8, 9), 1, settings));
  expect(judged.some(({ blended }) => blended !== null)).toBe(true);
  const { initial } = distiller.student;
  const first = await distiller.judge(initial, judged, none);
  expect(first.divergences).toHaveLength(5);
  expect(await distiller.judge(initial, judged, none)).toEqual(first);
  // What an image is judged by does not depend on those beside it.
  const apart = await distiller.judge(initial, judged.slice(2), none);
  apart.divergences.forEach((value, at) => expect(value).toBeCloseTo(first.divergences[at + 2]!, 5));
  distiller.dispose();
});

test('logits are found in front of a softmax, and one logit is that of the second class', () => {
  const dense = randomDense(seededNumbers(1), 4, 1);
  const two = chainOf([4], [dense, activation('sigmoid')]);
  expect(logitsOf(two)).toBe('dense0:0');
  expect(logitsOf(smallResidualNetwork())).toBe('classes:0');
  expect(logitsOf(chainOf([4], [randomDense(seededNumbers(1), 4, 3), activation('sigmoid')]))).toBe(
    'activation1:0',
  );
  expect([...ofClasses(Float32Array.of(2, -1), 2)]).toEqual([0, 2, 0, -1]);
  expect([...ofValues(Float32Array.of(5, 6, 7, 8), 1)]).toEqual([6, 8]);
});

test('images are shifted, with their edges repeated, and mirrored', () => {
  const image = Float32Array.of(1, 2, 3, 4, 5, 6);
  const moved = (down: number, right: number, isFlipped: boolean) => [
    ...augmented(image, [2, 3, 1], [{ index: 0, down, right, pitch: 1, isFlipped }]),
  ];
  expect(moved(0, 0, false)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(moved(0, 0, true)).toEqual([3, 2, 1, 6, 5, 4]);
  expect(moved(1, 0, false)).toEqual([1, 2, 3, 1, 2, 3]);
  expect(moved(0, -1, false)).toEqual([2, 3, 3, 5, 6, 6]);
});

test('an image that is zoomed shows the values between its pixels', () => {
  // Of a ramp these are known: they are the place itself.
  const [height, width] = [7, 9];
  const ramp = Float32Array.from({ length: height * width }, (_, at) => {
    return 100 * Math.floor(at / width) + (at % width);
  });
  const within = (place: number, extent: number) => Math.max(0, Math.min(extent - 1, place));
  for (const pitch of [0.6, 0.9, 1.3])
    for (const isFlipped of [false, true]) {
      const image = { index: 0, down: 1, right: -2, pitch, isFlipped };
      const seen = augmented(ramp, [height, width, 1], [image]);
      seen.forEach((value, at) => {
        const [y, x] = [Math.floor(at / width), at % width];
        const row = within(3 + pitch * (y - 1 - 3), height);
        const column = within(4 + pitch * (x + 2 - 4), width);
        expect(value).toBeCloseTo(100 * row + (isFlipped ? width - 1 - column : column), 3);
      });
    }
});

test('images are blended with others by their share or in a window, those without one are left', () => {
  const still = { index: 0, down: 0, right: 0, pitch: 1, isFlipped: false };
  const withOther = (share: number) => ({ ...still, blended: { other: still, share, window: null } });
  const values = Float32Array.of(1, 2, 3, 4, 5, 6);
  const images = [withOther(0.25), { ...still, blended: null }, withOther(0.5)];
  blend(values, Float32Array.of(11, 12, 25, 26), [1, 2, 1], images);
  expect([...values]).toEqual([3.5, 4.5, 3, 4, 15, 16]);
  const covered = new Float32Array(4 * 4 * 2);
  const window = { top: 0.25, left: 0.5, height: 0.5, width: 0.3 };
  const other = Float32Array.from(covered, (_, at) => at);
  blend(covered, other, [4, 4, 2], [{ ...still, blended: { other: still, share: 1, window } }]);
  expect([...covered].flatMap((value, at) => (value > 0 ? [at] : []))).toEqual([12, 13, 20, 21]);
});
