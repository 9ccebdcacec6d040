/**
 * The recipe's own random numbers: the small fast counter generator "sfc32" (Chris Doty-Humphrey, PractRand),
 * written out here so that images do not depend on any engine's Math.random.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** Seeds the generator from up to three integers; equal integers give equal streams. */
  constructor(seed: number, stream = 0, index = 0) {
    this.a = seed | 0;
    this.b = stream | 0;
    this.c = index | 0;
    for (let round = 0; round < 15; round++) this.nextUint32();
  }

  /** The next 32 random bits as an unsigned integer. */
  nextUint32(): number {
    const result = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** Uniform in [0, 1). */
  unit(): number {
    return this.nextUint32() / 4294967296;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.unit();
  }

  /** In (-reach, reach), small values more likely than large ones (sum of two uniforms). */
  around(reach: number): number {
    return reach * (this.unit() + this.unit() - 1);
  }

  /** Uniform integer from 0 to count − 1. */
  below(count: number): number {
    return Math.floor(this.unit() * count);
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** One of the items, all equally likely. Throws RangeError for an empty list. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('Random.pick: expected a list that is not empty');
    return item;
  }

  /** Puts the items in random order, in place (Fisher–Yates). */
  shuffle<Item>(items: Item[]): void {
    for (let last = items.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      [items[last], items[other]] = [items[other] as Item, items[last] as Item];
    }
  }
}
