import { isRunning } from '../../../project/jobStatus';
import { timingMultiples } from '../../../project/kinds';
import { multiplesNote, multiplesText } from '../../../project/multiples';
import { rankMultiples } from '../../../project/settings';
import { multipleText } from '../../../project/settingTexts';
import { useActions, useStudio } from '../../context/context';

const measure = 'measure';

/** What all ranks are multiples of, but those of layers that have their own: kernels compute several channels at a time, so that others waste a part of that. */
export function RankMultiples({ className }: { readonly className: string | undefined }) {
  const multiple = useStudio(({ document }) => document.settings.multiple);
  const isTiming = useStudio(({ jobs }) => isRunning(jobs, timingMultiples));
  const canTime = useStudio(({ backend, completed }) => backend !== null && completed !== null);
  const note = useStudio(multiplesNote);
  const { request, findMultiple } = useActions();
  const said = note && !isTiming ? multiplesText(note) : '';
  return (
    <>
      <select
        className={className}
        aria-label="All ranks are multiples of"
        title={said || 'All ranks are multiples of'}
        value={isTiming ? measure : String(multiple)}
        disabled={isTiming}
        onChange={({ currentTarget: { value } }) =>
          value === measure ? findMultiple() : request({ multiple: Number(value) })
        }
      >
        {rankMultiples.map((own) => (
          <option key={own} value={own}>
            {multipleText(own)}
          </option>
        ))}
        {canTime && <option value={measure}>{isTiming ? 'timing…' : 'fastest here'}</option>}
      </select>
      <span role="status" className="visually-hidden">
        {said}
      </span>
    </>
  );
}
