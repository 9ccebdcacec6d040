import type { FigurePoint } from '../../../project/figurePoints';
import { formatHalfWidth, formatPercent } from '../../../project/numbers';
import { lookOf } from '../../model/methods';

/** "ENC-Map repaired" */
export function pointName({ method, isRepaired, isDistilled }: FigurePoint): string {
  const stage = isDistilled ? ' distilled' : isRepaired ? ' repaired' : '';
  return `${lookOf(method).name}${stage}`;
}

/** "ENC-Map repaired at 50.0 % of MACs: 91.8 % ±1.7" */
export function pointSentence(point: FigurePoint): string {
  const { achieved, accuracy, isPresent } = point;
  const value = `${formatPercent(accuracy.share)} ${formatHalfWidth(accuracy.interval)}`;
  return `${pointName(point)} at ${formatPercent(achieved)} of MACs: ${value}${isPresent ? '' : ', under an earlier setting'}`;
}
