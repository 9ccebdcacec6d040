import type { Recipe } from '../../../compression/recipe';
import { distilledMeasurement, distilNoteOf } from '../../../project/distilling';
import { accuracyOf, originalMeasurement } from '../../../project/measurements';
import { formatHalfWidth, formatInteger, formatPercent } from '../../../project/numbers';
import { useStudio } from '../../context/context';
import styles from './DistilledLine.module.css';

/** What distillation made of a plan's accuracy, below what repair did; nothing before it was distilled. */
export function DistilledLine({ recipe }: { readonly recipe: Recipe }) {
  const note = useStudio((state) => distilNoteOf(state, recipe));
  const measurement = useStudio((state) => distilledMeasurement(state, recipe));
  const original = useStudio((state) => originalMeasurement(state));
  if (!note) return null;
  const accuracy = measurement && accuracyOf(measurement, original);
  const text = note.best === 0 ? 'no closer' : 'not measured';
  return (
    <div className={styles.line} role="group" aria-label="Distilled">
      distilled{' '}
      {accuracy ? (
        <>
          <strong>{formatPercent(accuracy.share)}</strong> <small>{formatHalfWidth(accuracy.interval)}</small>
          <span className="visually-hidden">
            {`, ${formatInteger(accuracy.successes)} of ${formatInteger(accuracy.images)} images`}
          </span>
        </>
      ) : (
        text
      )}
    </div>
  );
}
