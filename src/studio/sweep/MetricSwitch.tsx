import type { Metric } from '../../enc/curve';
import { useActions, useStudio } from '../store/context';
import styles from './MetricSwitch.module.css';
import { wantedMetric } from './driving';

const names: Readonly<Record<Metric, string>> = {
  energy: 'Energy',
  measured: 'Measured',
  divergence: 'Divergence',
};

/** Chooses the metric that drives the methods, and says which one does now and for how many layers. */
export function MetricSwitch() {
  const requested = useStudio((state) => state.requested.metric);
  const text = useStudio((state) => {
    const { network } = state;
    if (!network) return '';
    const layers = network.planner.problem.layers;
    const { metric, measured } = network.driving;
    const wanted = wantedMetric(state.requested, state.sweep);
    if (wanted === 'energy') return 'Energy drives the plans';
    if (metric === 'energy') return `Energy drives the plans until ${names[wanted].toLowerCase()} is known`;
    const missing = layers.filter(({ name }) => !measured.has(name)).length;
    return missing === 0
      ? `${names[metric]} drives the plans`
      : `${names[metric]}; ${missing} of ${layers.length} layers still by energy`;
  });
  const isLabelled = useStudio((state) => state.images?.labels !== null);
  const { setMetric } = useActions();
  return (
    <label className={styles.metric} title={text}>
      <span className="visually-hidden">Metric</span>
      <select
        aria-label="Metric"
        value={requested ?? ''}
        onChange={({ currentTarget: { value } }) => setMetric(value === '' ? null : (value as Metric))}
      >
        <option value="">Automatic</option>
        <option value="energy">Energy</option>
        <option value="measured">{isLabelled ? 'Measured' : 'Agreement'}</option>
        <option value="divergence">Divergence</option>
      </select>
      <span className={styles.used} role="status">
        {text}
      </span>
    </label>
  );
}
