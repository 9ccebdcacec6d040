import { describe, expect, it } from 'vitest';
import { referencePath } from '../scripts/reference';
import type { PrintedPlan } from './planning';
import type { PrintedStanding } from './racing';
import { encJson, runEnc } from './testing';

interface Raced extends PrintedPlan {
  readonly standings: readonly PrintedStanding[];
}

describe('enc plan --method inf', () => {
  it('is at least as good as every other method on the selection images', async () => {
    const { method, standings } = await encJson<Raced>(
      ...['plan', 'sample:residual', '--target', '0.3', '--method', 'inf', '--candidates', '3'],
      ...['--selection', 'sample:residual', '--selection-images', '96'],
    );
    const winner = standings.find(({ isWinner }) => isWinner)!;
    const seeded = standings.filter(({ isSeeded }) => isSeeded);
    expect(method).toBe('inf');
    expect(seeded.map((standing) => standing.method).sort()).toEqual(['map', 'model', 'uniform']);
    for (const { images, correct } of seeded) {
      expect(images).toBe(96);
      expect(winner.correct).toBeGreaterThanOrEqual(correct);
    }
  });

  it('says that it needs images', async () => {
    const { status, stderr } = await runEnc('plan', 'sample:vgg', '--target', '0.5', '--method', 'inf');
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/--method inf: expected --selection with images/);
  });
});

describe('enc plan --method model', () => {
  it('prints the best plans in order, within the target', async () => {
    const { plans } = await encJson<{ plans: readonly PrintedPlan[] }>(
      ...['plan', 'sample:vgg', '--target', '0.4', '--method', 'model', '--top', '4', '--search', 'all'],
    );
    expect(plans.length).toBe(4);
    plans.forEach(({ achieved, predicted }, index) => {
      expect(achieved).toBeLessThanOrEqual(0.4);
      expect(predicted!.energy).toBeLessThanOrEqual(plans[index - 1]?.predicted!.energy ?? 1);
    });
  });

  const tables = referencePath('vgg16');
  it.skipIf(tables === null).each(['measured', 'combined'])(
    'beats the released configuration from the authors’ tables by %s (skipped without ../shared/reference)',
    async (metric) => {
      const { achieved, predicted, layers } = await encJson<PrintedPlan>(
        ...['plan', '--tables', tables!, '--method', 'model', '--metric', metric, '--target', '0.2516'],
      );
      const { energy, measured, combined } = predicted as Record<'energy' | 'measured' | 'combined', number>;
      expect(achieved).toBeLessThanOrEqual(0.2516);
      expect(layers.every(({ rank, rankMax }) => rank !== null && rank >= 1 && rank <= rankMax)).toBe(true);
      expect(combined).toBeCloseTo(energy * achieved + measured, 12);
      if (metric === 'measured') expect(measured).toBeGreaterThanOrEqual(0.963);
      else expect(combined).toBeGreaterThanOrEqual(0.964);
    },
  );
});
