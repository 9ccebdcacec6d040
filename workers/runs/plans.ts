import { plansAt } from '../../src/compression/planning';
import { plansKind } from '../protocol/plans';
import { defineRun } from './run';

/** Works out plans, each search with all the steps that it may take. */
export const plansRun = defineRun(plansKind, (_context, { problem, inputs, budgets }) =>
  plansAt(problem, inputs, budgets),
);
