import { onlyBudget, type SelectionMethod } from '../../src/compression/methods/method';
import { planOfChoices } from '../../src/enc/plan';

/** The method of docs/EXTENDING.md, for the test that follows it. */
export const even: SelectionMethod = {
  id: 'even',
  label: 'Even',
  idea: 'Every layer goes equally many choices down from its best.',
  needs: { curves: false, images: false },
  plans(problem, _inputs, budgets) {
    const budget = onlyBudget(budgets);
    for (let down = 0; ; down++) {
      const choices = Int32Array.from(problem.layers, ({ ranks }) => Math.max(0, ranks.length - 1 - down));
      const plan = planOfChoices(problem, 'even', budget, choices);
      if (plan.reached || choices.every((choice) => choice === 0)) return [plan];
    }
  },
};
