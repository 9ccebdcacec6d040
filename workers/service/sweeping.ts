import type { MeasuredPoint, SweepLayer } from '../../src/enc/sweep/points';
import { createExecutor, type Executor, type Pause } from '../../src/engine/executor';
import { Sweep } from '../../src/engine/sweep/sweep';
import { fail } from '../../src/network/failure';
import type { Network } from '../../src/network/graph';
import type { SweepTaskRequest } from '../protocol/sweep';
import type { Session } from './session';

interface CurrentSweep {
  /** The job that used it last; only its end releases it. */
  job: string;
  readonly key: string;
  readonly executor: Executor;
  readonly sweep: Sweep;
}

/**
 * Keeps the sweep of this thread from task to task, so that activations before the cut carry over. There is
 * one at a time: another network, or other images, replace it.
 */
export class SweepHolder {
  private current: CurrentSweep | null = null;

  constructor(private readonly session: Session) {}

  /**
   * Measures one task's ranks on its images.
   *
   * @throws FailureError `invalid-request` where the network or the images are not open, or the layer is not
   * factorised as asked
   */
  measure(job: string, request: SweepTaskRequest, pause: Pause): Promise<readonly MeasuredPoint[]> {
    const { network, fits } = request;
    const { layer, ranks, from, to } = request.task;
    this.assertFactorised(network, layer);
    const variant = (rank: number): [number, Network] => [
      rank,
      this.session.withOneCut(network, layer.name, rank, fits),
    ];
    const { sweep } = this.open(job, request);
    const variants = new Map(ranks.map(variant));
    return sweep.measure({ layer, variants, isFitted: fits !== null, from, to, pause });
  }

  /** Releases what a job's sweep holds, unless another job has taken it over. */
  end(job: string): void {
    if (this.current?.job === job) this.release();
  }

  private open(job: string, { network, selection }: SweepTaskRequest): CurrentSweep {
    const { images, indices, preprocessing } = selection;
    const key = JSON.stringify([network, images, preprocessing, [...indices]]);
    if (this.current?.key !== key) {
      this.release();
      const executor = createExecutor(this.session.openNetwork(network).network);
      try {
        const sweep = new Sweep(executor, this.session.openImages(images), preprocessing, indices);
        this.current = { job, key, executor, sweep };
      } catch (error) {
        executor.dispose();
        throw error;
      }
    }
    const current = this.current!;
    current.job = job;
    return current;
  }

  private release(): void {
    this.current?.sweep.dispose();
    this.current?.executor.dispose();
    this.current = null;
  }

  private assertFactorised(network: string, { name, factorisation }: SweepLayer): void {
    const factors = this.session.openNetwork(network).factors.get(name);
    if (factors?.factorisation === factorisation) return;
    fail(
      'invalid-request',
      `${name}: expected its ${factorisation} factors, found ${factors?.factorisation ?? 'none'}; factorise it first.`,
    );
  }
}
