import { useState } from 'react';
import type { LayerDescription } from '../../../network/layers';
import { timeTableOf } from '../../../project/layerTimes';
import { useStudio } from '../../context/context';
import { LayerCurve } from './LayerCurve';
import styles from './LayerDetail.module.css';
import { LayerTimes } from './LayerTimes';

/** A layer's curve; once the layers are timed here, its times as well, one of the two. */
export function LayerFigure({ layer }: { readonly layer: LayerDescription }) {
  const table = useStudio(timeTableOf);
  const times = table?.layers.find((own) => own.layer === layer.name);
  const [isOfTime, setOfTime] = useState(false);
  if (!table || !times) return <LayerCurve layer={layer} />;
  const heading = (
    <select
      className={styles.choice}
      data-word
      aria-label="Figure of the layer"
      value={isOfTime ? 'time' : 'curve'}
      onChange={(event) => setOfTime(event.currentTarget.value === 'time')}
    >
      <option value="curve">Curve</option>
      <option value="time">Time by rank, ms</option>
    </select>
  );
  return isOfTime ? (
    <LayerTimes {...{ layer, table, times, heading }} />
  ) : (
    <LayerCurve layer={layer} heading={heading} />
  );
}
