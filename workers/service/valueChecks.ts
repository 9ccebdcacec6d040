import type { Executor } from '../../src/engine/executor';
import { canHideFaults, isSuspectPlan, requireFiniteValues } from '../../src/engine/hiddenFaults';
import { FailureError } from '../../src/network/failure';
import type { Network } from '../../src/network/graph';
import type { SelectedImages } from './selectedImages';

/** An image whose values are looked at. */
export interface Witness extends SelectedImages {
  /** What identifies its set. */
  readonly fingerprint: string;
  /** Undefined where there is none. */
  readonly index: number | undefined;
}

/** Looks at values on the way to answers, each of a compiled network once per image and preprocessing. */
export class ValueChecks {
  private readonly looks = new WeakMap<object, Map<string, Promise<number>>>();

  /**
   * Requires that all values of an image are numbers, where answers alone would not tell.
   *
   * @throws FailureError `invalid-network` with the name of the layer whose values are none
   */
  async require(executor: Executor, witness: Witness): Promise<void> {
    if (canHideFaults(executor.network)) await this.look(executor, executor.network, witness);
  }

  /**
   * Whether values of a cut network are no numbers though its answers are, looked at only where something suggests it.
   *
   * @param original the network that it was made from
   * @throws FailureError `invalid-network` where the original's own values are none
   */
  async areHidden(executor: Executor, original: Network, witness: Witness): Promise<boolean> {
    const { network } = executor;
    if (!canHideFaults(network)) return false;
    const greatest = await this.look(original, original, witness);
    if (!isSuspectPlan(network, original, greatest)) return false;
    try {
      await this.look(executor, network, witness);
      return false;
    } catch (error) {
      if (error instanceof FailureError && error.code === 'invalid-network') return true;
      throw error;
    }
  }

  /** The greatest size of the image's values; what fails is looked at again another time. */
  private look(of: object, network: Network, witness: Witness): Promise<number> {
    const { images, fingerprint, preprocessing, index } = witness;
    if (index === undefined) return Promise.resolve(0);
    const own = this.looks.get(of) ?? new Map<string, Promise<number>>();
    this.looks.set(of, own);
    // The values of another image, or of the same one prepared otherwise, may be none.
    const key = JSON.stringify([fingerprint, preprocessing, index]);
    const known = own.get(key);
    if (known) return known;
    const look = requireFiniteValues(network, images, preprocessing, index);
    own.set(key, look);
    look.catch(() => own.delete(key));
    return look;
  }
}
