import { isRunning } from '../../../project/jobStatus';
import { timingMultiples } from '../../../project/kinds';
import { multiplesNote, multiplesText } from '../../../project/multiples';
import { rankMultiples } from '../../../project/settings';
import { useActions, useStudio } from '../../context/context';
import styles from './RankControl.module.css';

const measure = 'measure';

/** What all ranks are multiples of: kernels compute several channels at a time, so that others waste a part of that. */
export function RankMultiples() {
  const multiple = useStudio(({ document }) => document.settings.multiple);
  const isTiming = useStudio(({ jobs }) => isRunning(jobs, timingMultiples));
  const canTime = useStudio(({ backend, completed }) => backend !== null && completed !== null);
  const note = useStudio(multiplesNote);
  const { request, findMultiple } = useActions();
  return (
    <p className={styles.control}>
      <label>
        All ranks{' '}
        <select
          aria-label="All ranks are multiples of"
          value={isTiming ? measure : String(multiple)}
          disabled={isTiming}
          onChange={({ currentTarget: { value } }) =>
            value === measure ? findMultiple() : request({ multiple: Number(value) })
          }
        >
          {rankMultiples.map((own) => (
            <option key={own} value={own}>
              {own === 1 ? 'any number' : `multiples of ${own}`}
            </option>
          ))}
          {canTime && <option value={measure}>{isTiming ? 'timing…' : 'fastest here, by timing'}</option>}
        </select>
      </label>
      <span role="status" className={styles.said}>
        {note && !isTiming ? multiplesText(note) : ''}
      </span>
    </p>
  );
}
