import type { MetricChoice } from '../../model/shown';
import { useActions, useStudio } from '../../context/context';
import styles from './MetricSwitch.module.css';

const choices: readonly { readonly value: MetricChoice; readonly name: string }[] = [
  { value: 'auto', name: 'Best available' },
  { value: 'energy', name: 'Energy' },
  { value: 'measured', name: 'Measured accuracy' },
  { value: 'divergence', name: 'Divergence' },
  { value: 'repaired', name: 'Divergence, repaired' },
];

/** Which metric's curves drive the methods. */
export function MetricSwitch() {
  const metric = useStudio((state) => state.requested.metric);
  const used = useStudio((state) => state.network?.shown.metric ?? 'energy');
  const measured = useStudio((state) => state.network?.shown.measured.size ?? 0);
  const layers = useStudio((state) => state.network?.planner.problem.layers.length ?? 0);
  const { request } = useActions();
  return (
    <label className={styles.switch} title={explain(metric, used, measured, layers)}>
      <span className="visually-hidden">Metric</span>
      <select
        aria-label="Metric"
        value={metric}
        onChange={(event) => request({ metric: event.currentTarget.value as MetricChoice })}
      >
        {choices.map(({ value, name }) => (
          <option key={value} value={value}>
            {value === 'auto' ? `Auto: ${used}` : name}
          </option>
        ))}
      </select>
    </label>
  );
}

function explain(choice: MetricChoice, used: string, measured: number, layers: number): string {
  if (choice === 'auto' && used === 'energy') {
    return 'Divergence takes over from energy once every layer has been measured on the selection images.';
  }
  if (choice === 'repaired' && used === 'divergence') {
    return `Each layer is re-fitted on the calibration images before it is measured; ${measured} of ${layers} are.`;
  }
  if (choice !== used && choice !== 'auto') return `Nothing is measured yet, so plans still use ${used}.`;
  return measured < layers && used !== 'energy'
    ? `${measured} of ${layers} layers are measured; the others are carried over from energy.`
    : `Plans use the curves by ${used}.`;
}
