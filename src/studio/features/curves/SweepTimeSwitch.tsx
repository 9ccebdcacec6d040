import { formatDuration } from '../../../project/numbers';
import { presentPointsKey } from '../../../project/points';
import { sweepEndText, sweepNotes } from '../../../project/sweepNotes';
import { useActions, useStudio } from '../../context/context';
import styles from './SweepTimeSwitch.module.css';

/** Minutes that are offered beside no limit. */
const offered = [2, 10, 480] as const;
const overnight = 480;
/** The choice without a limit. */
const any = 'any';

/** How long the layers' curves may be measured: beside the metric, where there is room. */
export function SweepTimeSwitch() {
  const text = useSweepTimeText();
  return (
    <label className={styles.switch} title={text}>
      <span className="visually-hidden">Time for measuring</span>
      <SweepTimeSelect />
    </label>
  );
}

/** The same with what is to be said of it, in a panel. */
export function SweepTimePart() {
  const text = useSweepTimeText();
  return (
    <>
      <label className={styles.row}>
        <span>Time for measuring</span>
        <SweepTimeSelect />
      </label>
      <p className={styles.text}>{text}</p>
    </>
  );
}

function SweepTimeSelect() {
  const minutes = useStudio((state) => state.document.settings.sweepMinutes);
  const { request } = useActions();
  const isOwn = minutes !== null && offered.every((own) => own !== minutes);
  return (
    <select
      aria-label="Time for measuring"
      className={styles.select}
      value={minutes === null ? any : String(minutes)}
      onChange={({ currentTarget: { value } }) =>
        request({ sweepMinutes: value === any ? null : Number(value) })
      }
    >
      <option value={any}>any time</option>
      {[...(isOwn ? [minutes] : []), ...offered].map((own) => (
        <option key={own} value={String(own)}>
          {own === overnight ? 'overnight' : formatDuration(60 * own)}
        </option>
      ))}
    </select>
  );
}

/** How the last sweep ended, or what the time is for. */
function useSweepTimeText(): string {
  return useStudio((state) => {
    const key = presentPointsKey(state);
    const ended = key === null ? undefined : sweepNotes.of(state, key);
    const said = ended ? sweepEndText(ended, state.document.settings.sweepMinutes) : '';
    return said || explanation;
  });
}

const explanation =
  'Within the time every layer’s curve is measured once, coarsely, and then more finely, near the target first. Any time measures until nothing is left that could tell more.';
