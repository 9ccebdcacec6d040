import { bestOf, planName, type MeasuredPlan, type Quantity } from '../../../project/measuredPlans';
import { formatHalfWidth, formatPercent } from '../../../project/numbers';
import { sideLook } from '../../model/methods';
import { MethodMark } from '../methods/MethodMark';
import styles from './HistoryDialog.module.css';

interface PlanTableProps {
  readonly plans: readonly MeasuredPlan[];
  /** What rows are ordered by. */
  readonly across: Quantity;
  readonly selected: string | null;
  readonly onSelect: (key: string) => void;
}

/** The figure in numbers. Its rows are one choice: arrows go from plan to plan. */
export function PlanTable({ plans, across, selected, onSelect }: PlanTableProps) {
  const best = bestOf(plans, across);
  const place = (plan: MeasuredPlan) => across.of(plan)?.value ?? Infinity;
  const rows = [...plans].sort((a, b) => place(a) - place(b) || b.accuracy.share - a.accuracy.share);
  return (
    <div className={styles.rows} data-sideways>
      <table className={styles.table} aria-label="Measured plans">
        <thead>
          <tr>
            <th scope="col">Plan</th>
            <th scope="col">{plans[0]?.accuracy.kind === 'agreement' ? 'Agreement' : 'Accuracy'}</th>
            <th scope="col">MACs</th>
            <th scope="col">Parameters</th>
            <th scope="col">Time</th>
            <th scope="col">Of these</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((plan) => (
            <tr key={plan.key} data-selected={plan.key === selected}>
              <th scope="row">
                <label>
                  <input
                    type="radio"
                    name="measured-plan"
                    checked={plan.key === selected}
                    onChange={() => onSelect(plan.key)}
                  />
                  <MethodMark look={sideLook(plan.methods[0] ?? 'saved')} />
                  {planName(plan)}
                </label>
              </th>
              <td>
                {formatPercent(plan.accuracy.share)} {formatHalfWidth(plan.accuracy.interval)}
              </td>
              <td>{formatPercent(plan.shares.macs)}</td>
              <td>{formatPercent(plan.shares.parameters)}</td>
              <td>{plan.time ? formatPercent(plan.time.median) : '–'}</td>
              <td>{remarksOf(plan, best).join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function remarksOf({ key, isKept, isPresent }: MeasuredPlan, best: ReadonlySet<string>): readonly string[] {
  return [
    ...(best.has(key) ? ['unbeaten'] : []),
    ...(isKept ? ['kept'] : []),
    ...(isPresent ? [] : ['earlier setting']),
  ];
}
