import type { Recipe } from '../../src/compression/recipe';
import { FailureError } from '../../src/network/failure';
import { emptyPatch, type Patch } from '../../src/network/patch';
import { helped, meanOf } from '../../src/repair/judgement';
import type { LayerCheckpoint, LayerMoments } from '../../src/repair/questions';
import {
  repairCloseKind,
  repairJudgeKind,
  repairOpenKind,
  repairPartKind,
  type PartAnswer,
  type PartAsk,
  type RepairAsk,
  type RepairPartSpec,
  type RepairReport,
} from '../protocol/repair';
import { inCourse } from './inCourse';
import type { JobPool, SpreadStepTools } from './job';

/**
 * Repairs over all threads: each runs parts of the images through both networks and answers what fits ask of them, which
 * a thread of their own makes. What comes out does not depend on the number of threads.
 */
export async function repairOverThreads(
  pool: JobPool,
  recipe: Recipe,
  { onProgress, signal }: SpreadStepTools,
): Promise<{ readonly patch: Patch; readonly report: RepairReport }> {
  try {
    const { layers, parts, judged } = await pool.unit(repairOpenKind, { recipe });
    const shares = new Shares(pool, recipe, parts);
    const checkpoints = await inCourse(pool, signal, (course, noted) =>
      course.repair(
        { layers, resume: shares.done },
        noted((question: RepairAsk) => shares.answer(question)),
        (done, total) => onProgress({ stage: 'repairing', done, total, unit: 'layers' }),
      ),
    );
    const fits = checkpoints.map((checkpoint) => checkpoint.fits);
    const patch = await pool.unit(repairCloseKind, { recipe, fits });
    const ranges = evenRanges(judged, pool.threads);
    const judge = (range: (typeof ranges)[number]) => pool.unit(repairJudgeKind, { recipe, patch, ...range });
    const divergence = meanOf(await Promise.all(ranges.map(judge)));
    const isRepaired = helped(divergence);
    const report = { layers: checkpoints.map(({ layer }) => layer), divergence, isRepaired };
    return { patch: isRepaired ? patch : emptyPatch, report };
  } finally {
    await pool.release();
  }
}

/** The parts of a repair's images, spread over the threads there are. */
class Shares {
  /** The layers that are done. */
  readonly done: LayerCheckpoint[] = [];
  /** How many of them a share was told of, by its parts. */
  private readonly told = new Map<string, number>();

  constructor(
    private readonly pool: JobPool,
    private readonly recipe: Recipe,
    private readonly parts: number,
  ) {}

  /** All parts' answer, whoever gave it. */
  async answer(question: RepairAsk): Promise<PartAnswer> {
    if (question.kind === 'moments' && question.former) this.done.push(question.former);
    const ask: PartAsk = question.kind === 'moments' ? { kind: 'moments' } : question;
    const count = Math.max(1, Math.min(this.pool.threads, this.parts));
    const all = Array.from({ length: this.parts }, (_, part) => part);
    const shares = Array.from({ length: count }, (_, share) => all.filter((part) => part % count === share));
    const answers = await Promise.all(shares.map((own, place) => this.ask(own, place, ask)));
    return inOrder(shares, answers);
  }

  /** What parts answer that are always run in the same place; a thread that knows nothing of them is told everything. */
  private async ask(parts: readonly number[], place: number, ask: PartAsk): Promise<PartAnswer> {
    const { pool, recipe } = this;
    const fits = this.done.map((checkpoint) => checkpoint.fits);
    const from = this.told.get(parts.join()) ?? 0;
    this.told.set(parts.join(), fits.length);
    const whole = (): RepairPartSpec['task'] => ({ recipe, parts, from: 0, fits, ask });
    const hooks = { place, again: whole };
    try {
      return await pool.unit(repairPartKind, { ...whole(), from, fits: fits.slice(from) }, hooks);
    } catch (error) {
      if (!(error instanceof FailureError && error.code === 'step-unknown')) throw error;
    }
    return pool.unit(repairPartKind, whole(), hooks);
  }
}

/** Puts the answers of shares in the order of the parts. */
function inOrder(shares: readonly (readonly number[])[], answers: readonly PartAnswer[]): PartAnswer {
  const [first] = answers;
  const order = <T>(rowsOf: (answer: PartAnswer) => readonly T[]): readonly T[] => {
    const rows: T[] = [];
    shares.forEach((parts, share) => {
      const own = rowsOf(answers[share]!);
      parts.forEach((part, index) => (rows[part] = own[index]!));
    });
    return rows;
  };
  if (first && 'question' in first)
    return { question: first.question, parts: order((answer) => (answer as LayerMoments).parts) };
  return order((answer) => answer as readonly number[]);
}

/** As many ranges as there are threads, or fewer images. */
function evenRanges(
  count: number,
  threads: number,
): readonly { readonly from: number; readonly to: number }[] {
  const ranges = Math.max(1, Math.min(count, threads));
  const at = (index: number) => Math.floor((index * count) / ranges);
  return Array.from({ length: ranges }, (_, index) => ({ from: at(index), to: at(index + 1) }));
}
