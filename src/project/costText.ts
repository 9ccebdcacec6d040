import { formatMilliseconds } from './latencyText';
import { formatBytes, formatCount } from './numbers';
import { budgetCosts } from './settings';

/** "MACs": what a share of a cost is a share of. */
export function costNoun(cost: string): string {
  return budgetCosts.find(({ id }) => id === cost)?.noun ?? cost;
}

/** "18.76 M MACs", "1.08 MB", "3.10 ms". */
export function amountText(cost: string, value: number): string {
  switch (cost) {
    case 'time':
      return formatMilliseconds(value);
    case 'bytes':
      return formatBytes(value);
    default:
      return `${formatCount(value)} ${costNoun(cost)}`;
  }
}
