import { useState } from 'react';
import { timesOf } from '../../../enc/timeTable';
import type { LayerDescription } from '../../../network/layers';
import { timeTableOf } from '../../../project/layerTimes';
import { useStudio } from '../../context/context';
import { HeadingChoice } from '../../ui/HeadingChoice';
import { LayerCurve } from './LayerCurve';
import styles from './LayerDetail.module.css';
import { LayerTimes } from './LayerTimes';

const figures = { curve: 'Curve', time: 'Time by rank, ms' } as const;

/** A layer's curve; once the layers are timed here, its times as well, one of the two. */
export function LayerFigure({ layer }: { readonly layer: LayerDescription }) {
  const table = useStudio(timeTableOf);
  const times = table ? timesOf(table, layer) : undefined;
  const [shown, setShown] = useState<keyof typeof figures>('curve');
  if (!table || !times) return <LayerCurve layer={layer} />;
  const heading = (
    <span className={styles.heading}>
      <HeadingChoice label="Figure of the layer" value={shown} offered={figures} onChoose={setShown} />
    </span>
  );
  return shown === 'time' ? (
    <LayerTimes {...{ layer, table, times, heading }} />
  ) : (
    <LayerCurve layer={layer} heading={heading} />
  );
}
