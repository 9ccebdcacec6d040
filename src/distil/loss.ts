/** A loss summed over images, and its gradient by the student's logits. */
export interface Loss {
  readonly sum: number;
  /** images × classes */
  readonly gradient: Float32Array;
}

/**
 * The Kullback–Leibler divergence of the student's softened answers from the teacher's, times the temperature's square,
 * which keeps gradients as large whatever the temperature (Hinton, Vinyals and Dean, 2015); with labels their
 * cross-entropy beside it. In double precision.
 *
 * @param student logits, images × classes
 * @param labels a class per image, those that the network does not have pass; null without
 * @param weight of the cross-entropy
 */
export function distillationLoss(
  student: Float32Array,
  teacher: Float32Array,
  classes: number,
  temperature: number,
  labels: ArrayLike<number> | null,
  weight: number,
): Loss {
  const gradient = new Float32Array(student.length);
  let sum = 0;
  for (let start = 0, image = 0; start < student.length; start += classes, image++) {
    const own = student.subarray(start, start + classes);
    const [p, q] = [teacher.subarray(start, start + classes), own].map((row) =>
      logSoftmax(row, temperature),
    ) as [Float64Array, Float64Array];
    for (let c = 0; c < classes; c++) {
      const share = Math.exp(p[c]!);
      sum += temperature ** 2 * share * (p[c]! - q[c]!);
      gradient[start + c] = temperature * (Math.exp(q[c]!) - share);
    }
    const label = labels?.[image] ?? -1;
    if (weight > 0 && label >= 0 && label < classes) {
      const logs = logSoftmax(own, 1);
      sum -= weight * logs[label]!;
      logs.forEach(
        (value, c) => (gradient[start + c]! += weight * (Math.exp(value) - (c === label ? 1 : 0))),
      );
    }
  }
  return { sum, gradient };
}

/** Logarithms of the softened probabilities of one image. */
function logSoftmax(logits: Float32Array, temperature: number): Float64Array {
  const logs = Float64Array.from(logits, (value) => value / temperature);
  const most = logs.reduce((a, b) => Math.max(a, b), -Infinity);
  const total = logs.reduce((all, value) => all + Math.exp(value - most), 0);
  const offset = most + Math.log(total);
  return logs.map((value) => value - offset);
}

/** What held-back images say of a state. */
export interface Judgement {
  /** Divergence of each image's softened probabilities from the original's, in nats; the images changed as in training. */
  readonly divergences: Float64Array;
  /** Images, as they are, that both networks give the same class. */
  readonly same: number;
}

/** The divergence of each image's softened probabilities from the original's, in nats. @param classes of each image */
export function softenedDivergences(
  student: Float32Array,
  teacher: Float32Array,
  classes: number,
  temperature: number,
): Float64Array {
  return Float64Array.from({ length: student.length / classes }, (_, image) => {
    const [mine, theirs] = rowsOf(student, teacher, classes, image);
    return distillationLoss(mine, theirs, classes, temperature, null, 0).sum / temperature ** 2;
  });
}

/** Images that both networks give the same class. */
export function sameAnswers(student: Float32Array, teacher: Float32Array, classes: number): number {
  let same = 0;
  for (let image = 0; image < student.length / classes; image++) {
    const [mine, theirs] = rowsOf(student, teacher, classes, image);
    if (bestOf(mine) === bestOf(theirs)) same++;
  }
  return same;
}

function rowsOf(
  student: Float32Array,
  teacher: Float32Array,
  classes: number,
  image: number,
): readonly [Float32Array, Float32Array] {
  const [from, to] = [image * classes, (image + 1) * classes];
  return [student.subarray(from, to), teacher.subarray(from, to)];
}

const bestOf = (row: Float32Array) => row.reduce((best, value, c) => (value > row[best]! ? c : best), 0);
