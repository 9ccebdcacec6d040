import type { Command } from 'commander';
import type { Budget } from '../src/enc/costs';
import { fail } from '../src/network/failure';
import { budgetCosts } from '../src/project/settings';
import { parseNumber } from './inputs';
import { idsOf } from './planning';

/** A share of something that the original costs. */
export interface AskedBudget {
  /** Id of the cost. */
  readonly cost: string;
  readonly target: number;
  /** Another budget that is kept beside it; null for none. */
  readonly second: Budget | null;
}

/**
 * What `--budget macs=0.5` or, for MACs, `--target 0.5` asks for; null where neither is there.
 *
 * @throws FailureError `invalid-request` where both are, or for anything that is no share of a cost
 */
export function parseBudget(
  given: readonly string[] | undefined,
  target: string | undefined,
): AskedBudget | null {
  const [budget, second, ...more] = given ?? [];
  if (budget !== undefined && target !== undefined)
    return fail(
      'invalid-request',
      '--budget: expected it instead of --target, found both; leave --target out.',
    );
  if (target !== undefined)
    return { cost: 'macs', target: parseNumber('--target', target, 0, 1), second: null };
  if (budget === undefined) return null;
  if (more.length > 0)
    return fail(
      'invalid-request',
      `--budget: expected one or two, found ${more.length + 2}; leave the others out.`,
    );
  const { cost, share } = shareOf(budget);
  const other = second === undefined ? null : shareOf(second);
  if (other?.cost === cost)
    return fail(
      'invalid-request',
      `--budget: expected two different costs, found ${cost} twice; leave one of them out.`,
    );
  return { cost, target: share, second: other };
}

function shareOf(budget: string): Budget {
  const [, id, share] = /^([^=]+)=(.+)$/.exec(budget) ?? [];
  const cost = budgetCosts.find((own) => own.id === id);
  if (!cost || share === undefined)
    return fail(
      'invalid-request',
      `--budget: expected a share of ${idsOf(budgetCosts, ' or ')}, found "${budget}"; write macs=0.5, for instance.`,
    );
  return { cost: cost.id, share: parseNumber(`--budget ${cost.id}`, share, 0, 1) };
}

/** Adds what plans are held to. */
export function withBudget(command: Command): Command {
  return command
    .option('--target <share>', 'share of the MACs to keep, 0 to 1')
    .option(
      '--budget <cost=share...>',
      `share of something else to keep, or of two things at once, such as macs=0.4 parameters=0.2: ${idsOf(budgetCosts)}; time is one image's on this machine, layer by layer`,
    );
}
