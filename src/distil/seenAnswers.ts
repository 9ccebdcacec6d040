import type { DrawnImage } from './schedule';

/** Most bytes of answers that a course keeps: they are told and stored with its state behind every epoch. */
const mostBytes = 64 * 2 ** 20;

/** The original's logits of images as they were seen in an epoch before, so that it need not look at them again. */
export class SeenAnswers {
  readonly #positions: ReadonlyMap<number, number>;
  #values: Float32Array;
  #isOwn = false;

  /**
   * @param trained indices of all images
   * @param views in which each is seen; 0 where none is seen twice, so that nothing is kept
   * @param values views × images × classes, as {@link values} gave them before, and not changed; empty before the first
   */
  constructor(
    trained: Uint32Array,
    private readonly views: number,
    values: Float32Array,
  ) {
    this.#positions = new Map(Array.from(trained, (index, position) => [index, position]));
    this.#values = values;
  }

  /** All answers as plain data; not a number where there is none. */
  get values(): Float32Array {
    return this.#values;
  }

  /** Answers to some images, images × classes; null where one is not known. */
  of(images: readonly DrawnImage[]): Float32Array | null {
    const classes = this.#classes;
    if (classes === 0) return null;
    const answers = new Float32Array(images.length * classes);
    for (const [at, image] of images.entries()) {
      const place = this.#place(image);
      if (Number.isNaN(this.#values[place])) return null;
      answers.set(this.#values.subarray(place, place + classes), at * classes);
    }
    return answers;
  }

  /** Keeps answers to some images, images × classes, but for what is known: whatever came first stays. */
  keep(images: readonly DrawnImage[], answers: Float32Array): void {
    if (!this.#makeRoom(answers.length / images.length)) return;
    const classes = this.#classes;
    for (const [at, image] of images.entries()) {
      const place = this.#place(image);
      if (Number.isNaN(this.#values[place]))
        this.#values.set(answers.subarray(at * classes, (at + 1) * classes), place);
    }
  }

  get #classes(): number {
    return this.#values.length / Math.max(1, this.views * this.#positions.size);
  }

  #place({ index, view }: DrawnImage): number {
    return ((view - 1) * this.#positions.size + this.#positions.get(index)!) * this.#classes;
  }

  /** @returns whether there is room for so many answers an image */
  #makeRoom(classes: number): boolean {
    const length = this.views * this.#positions.size * classes;
    if (length === 0 || 4 * length > mostBytes) return false;
    if (this.#values.length === 0) this.#values = new Float32Array(length).fill(NaN);
    else if (!this.#isOwn) this.#values = this.#values.slice();
    this.#isOwn = true;
    return true;
  }
}
