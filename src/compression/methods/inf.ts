import { infCandidates, poolFactor } from '../../enc/encInf';
import type { SelectionMethod } from './method';
import { model } from './model';

/**
 * ENC-Inf: its plans are candidates to race on selection images, the best of ENC-Model's and the plans of the
 * other methods.
 *
 * @param methods all there are, now or later
 */
export function infMethod(methods: () => readonly SelectionMethod[]): SelectionMethod {
  return {
    id: 'inf',
    label: 'ENC-Inf',
    idea: 'The best of the most promising candidates, measured on selection images.',
    needs: { curves: true, images: true },
    plans(problem, inputs, budgets, count) {
      const best = model.plans(problem, inputs, budgets, poolFactor * count);
      // Of candidates that are right equally often the one listed first wins: what refines a method comes after it.
      const others = methods()
        .filter(({ id, needs }) => id !== model.id && !needs.images)
        .toReversed()
        .flatMap((method) => method.plans(problem, inputs, budgets, 1).slice(0, 1));
      return infCandidates(best, others, count).map(({ plan, isSeeded }) => ({ ...plan, isSeeded }));
    },
  };
}
