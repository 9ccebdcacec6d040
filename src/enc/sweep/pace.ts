import type { LayerWork } from './foresight';
import { taskMacs, type LayerPlace } from './places';
import type { SweepTask } from './schedule';

/** Sums over tasks that have ended: of networks that were made, multiply-accumulates and seconds. */
class Sums {
  tasks = 0;
  networks = 0;
  macs = 0;
  seconds = 0;
  /** Of products of two. */
  networksSquared = 0;
  networksMacs = 0;
  macsSquared = 0;
  networksSeconds = 0;
  macsSeconds = 0;

  add(networks: number, macs: number, seconds: number): void {
    this.tasks++;
    this.networks += networks;
    this.macs += macs;
    this.seconds += seconds;
    this.networksSquared += networks * networks;
    this.networksMacs += networks * macs;
    this.macsSquared += macs * macs;
    this.networksSeconds += networks * seconds;
    this.macsSeconds += macs * seconds;
  }
}

/** Tasks of each thread after its first, by which the pace is known well enough. */
const settledBy = 2;

/** What a thread takes for each network that it makes, and for each multiply-accumulate, in seconds. */
interface Rates {
  readonly network: number;
  readonly mac: number;
}

/**
 * How long tasks of a sweep take on one thread, learned from those that have ended: so much for every cut network that
 * is made and so much for every multiply-accumulate, by least squares, and for a layer that was measured before, in
 * the ratio in which it came out other than that. Kernels of some shapes compute faster than others, so that the
 * second guess of a layer is better than the first.
 */
export class Pace {
  readonly #all = new Sums();
  readonly #warmUp = new Sums();
  readonly #layers = new Map<string, Sums>();
  #rates: Rates | null = null;

  /**
   * @param places of all layers
   * @param threads the first task of each compiles and loads, and tells little of those that follow
   */
  constructor(
    private readonly places: ReadonlyMap<string, LayerPlace>,
    private readonly threads: number,
  ) {}

  /** Whether there is anything to judge by. */
  get isKnown(): boolean {
    return this.#warmUp.tasks > 0;
  }

  /** Whether enough has ended to foretell what takes long. */
  get isSettled(): boolean {
    return this.#all.tasks >= settledBy * this.threads;
  }

  /** Takes in what a task took. */
  add(task: SweepTask, seconds: number): void {
    const own: [number, number, number] = [task.ranks.length, taskMacs(task, this.places), seconds];
    if (this.#warmUp.tasks < this.threads) {
      this.#warmUp.add(...own);
      return;
    }
    this.#all.add(...own);
    const ofLayer = this.#layers.get(task.layer.name) ?? new Sums();
    this.#layers.set(task.layer.name, ofLayer);
    ofLayer.add(...own);
    this.#rates = null;
  }

  /** Seconds of one thread that a task will take; 0 before {@link isKnown}. */
  secondsOf(task: SweepTask): number {
    return this.secondsFor({
      layer: task.layer.name,
      networks: task.ranks.length,
      macs: taskMacs(task, this.places),
    });
  }

  /** Seconds of one thread that work on a layer will take, all of its tasks together. */
  secondsFor({ layer, networks, macs }: LayerWork): number {
    const rates = (this.#rates ??= ratesOf(this.#all.tasks > 0 ? this.#all : this.#warmUp));
    const foreseen = rates.network * networks + rates.mac * macs;
    const seen = this.#layers.get(layer);
    if (!seen) return foreseen;
    // One task of the usual length speaks for the layer's being like the others.
    const doubt = this.#all.seconds / this.#all.tasks;
    const expected = rates.network * seen.networks + rates.mac * seen.macs;
    return (foreseen * (seen.seconds + doubt)) / (expected + doubt);
  }
}

/** By least squares; all by multiply-accumulates where the tasks do not tell one from the other. */
function ratesOf(sums: Sums): Rates {
  const { networksSquared, networksMacs, macsSquared, networksSeconds, macsSeconds } = sums;
  const determinant = networksSquared * macsSquared - networksMacs ** 2;
  if (determinant > 1e-6 * networksSquared * macsSquared) {
    const network = (networksSeconds * macsSquared - macsSeconds * networksMacs) / determinant;
    const mac = (macsSeconds * networksSquared - networksSeconds * networksMacs) / determinant;
    if (network >= 0 && mac >= 0) return { network, mac };
  }
  return { network: 0, mac: sums.macs > 0 ? sums.seconds / sums.macs : 0 };
}
