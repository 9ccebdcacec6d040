import { methods } from '../compression/methods';
import type { BestPlan } from './best';

/** "ENC-Map is best at this target, repaired; ENC-Model differs by no more than chance." */
export function bestText({ method, isRepaired, tied, others }: BestPlan): string {
  const stage = isRepaired ? 'repaired' : 'as cut';
  const names = tied.map((other) => methods.get(other).label);
  const chance =
    names.length === 0
      ? ''
      : names.length === others && others > 1
        ? '; the others differ by no more than chance'
        : `; ${names.join(' and ')} ${names.length === 1 ? 'differs' : 'differ'} by no more than chance`;
  return `${methods.get(method).label} is best at this target, ${stage}${chance}.`;
}
