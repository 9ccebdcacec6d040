import { plannerOf, shownCurves } from '../../../project/planning';
import { firstMetric, metrics } from '../../../compression/metrics';
import { automatic, chosenMetric, offeredMetrics } from '../../../project/metricChoices';
import { useActions, useStudio } from '../../context/context';
import styles from './MetricSwitch.module.css';

/** Which metric's curves drive the methods. */
export function MetricSwitch() {
  const metric = useStudio((state) => state.document.settings.metric);
  const used = useStudio((state) => shownCurves(state)?.metric ?? firstMetric);
  const measured = useStudio((state) => shownCurves(state)?.measured.size ?? 0);
  const layers = useStudio((state) => plannerOf(state)?.problem.layers.length ?? 0);
  const { request } = useActions();
  return (
    <label className={styles.switch} title={explain(metric, used, measured, layers)}>
      <span className="visually-hidden">Metric</span>
      <select
        aria-label="Metric"
        className={styles.select}
        value={metric}
        onChange={(event) => request({ metric: event.currentTarget.value })}
      >
        <option value={automatic}>{`Auto: ${used}`}</option>
        {offeredMetrics().map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

function explain(choice: string, used: string, measured: number, layers: number): string {
  const chosen = chosenMetric(choice);
  const isFirst = used === firstMetric;
  if (choice === automatic && isFirst) {
    return 'Divergence takes over from energy once every layer has been measured on the selection images.';
  }
  if (chosen.needs.refit && used === chosen.draws) {
    return `Each layer is re-fitted on the calibration images before it is measured; ${measured} of ${layers} are.`;
  }
  if (chosen.draws !== used && choice !== automatic)
    return `Nothing is measured yet, so plans still use ${used}.`;
  return measured < layers && metrics.get(used).needs.images
    ? `${measured} of ${layers} layers are measured; the others are carried over from energy.`
    : `Plans use the curves by ${used}.`;
}
