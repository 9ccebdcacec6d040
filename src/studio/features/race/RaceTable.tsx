import { wilsonInterval } from '../../../linalg/intervals';
import { formatHalfWidth, formatInteger, formatPercent, formatTarget } from '../../../project/numbers';
import { lookOf } from '../../model/methods';
import { candidateRange, isCandidateCount, type RaceEntry, type RaceState } from '../../model/race';
import type { RaceStanding } from '../../../../workers/protocol/race';
import { useActions, useStudio } from '../../context/context';
import { Button } from '../../ui/Button';
import buttonStyles from '../../ui/Button.module.css';
import { Popover } from '../../ui/Popover';
import styles from './RaceTable.module.css';

/** ENC-Inf's race: every candidate with its accuracy on the selection images so far. */
export function RaceTable() {
  const race = useStudio((state) => state.race);
  const job = useStudio((state) => state.jobs.race?.state ?? null);
  return (
    <Popover
      label="ENC-Inf’s race"
      className={buttonStyles.button}
      face={<span className={styles.face}>{race ? faceText(race, job) : 'Race: when the slider rests'}</span>}
      isLazy
    >
      {race ? (
        <Standings race={race} />
      ) : (
        <p className={styles.text}>The race starts when the slider rests.</p>
      )}
    </Popover>
  );
}

function faceText(race: RaceState, job: string | null): string {
  const left = race.standings.filter(({ isDropped }) => !isDropped).length;
  if (race.isFinished) return `Race: ${race.entries.length} plans, ${left} to the end`;
  if (job !== 'running') return 'Race: stopped';
  return race.standings.length === 0
    ? `Race: ${race.entries.length} plans started`
    : `Race: ${left} of ${race.entries.length} plans left`;
}

function Standings({ race }: { readonly race: RaceState }) {
  const candidates = useStudio((state) => state.requested.candidates);
  const isHalted = useStudio((state) => ['failed', 'cancelled'].includes(state.jobs.race?.state ?? ''));
  const { request, retryRace } = useActions();
  const rows = race.entries
    .map((entry, index) => ({ entry, index, standing: race.standings[index] }))
    .sort((a, b) => order(a.standing, b.standing));
  const spent = race.standings.reduce((sum, { images }) => sum + images, 0);
  return (
    <div className={styles.box}>
      <p className={styles.text}>
        At {formatTarget(race.target)}, on {formatInteger(race.images)} selection images:{' '}
        {formatInteger(spent)} of at most {formatInteger(race.images * race.entries.length)} runs spent. The
        winner is then measured on the report images.
      </p>
      <table className={styles.table} aria-label="Standings">
        <thead>
          <tr>
            <th>Plan</th>
            <th>Right</th>
            <th>Accuracy</th>
            <th>Images</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ entry, index, standing }) => (
            <Row key={entry.planned.key} entry={entry} index={index} standing={standing} />
          ))}
        </tbody>
      </table>
      <div className={styles.controls}>
        <label>
          Plans{' '}
          <input
            type="number"
            min={candidateRange.min}
            max={candidateRange.max}
            defaultValue={candidates}
            onBlur={(event) => {
              const count = Number(event.currentTarget.value);
              if (isCandidateCount(count)) request({ candidates: count });
              else event.currentTarget.value = String(candidates);
            }}
          />
        </label>
        {isHalted && <Button onClick={retryRace}>Race again</Button>}
      </div>
    </div>
  );
}

/** Those still running first, then by accuracy. */
function order(a: RaceStanding | undefined, b: RaceStanding | undefined): number {
  if (!a || !b) return 0;
  if (a.isDropped !== b.isDropped) return Number(a.isDropped) - Number(b.isDropped);
  return b.correct / Math.max(1, b.images) - a.correct / Math.max(1, a.images);
}

interface RowProps {
  readonly entry: RaceEntry;
  readonly index: number;
  readonly standing: RaceStanding | undefined;
}

function Row({ entry, index, standing }: RowProps) {
  const name = entry.methods.map((method) => lookOf(method).name).join(', ') || `Candidate ${index + 1}`;
  const isRun = standing !== undefined && standing.images > 0;
  return (
    <tr data-dropped={standing?.isDropped ?? false}>
      <th scope="row">{name}</th>
      <td>{isRun ? formatInteger(standing.correct) : '–'}</td>
      <td>
        {isRun ? (
          <>
            {formatPercent(standing.correct / standing.images)}{' '}
            <small>{formatHalfWidth(wilsonInterval(standing.correct, standing.images))}</small>
          </>
        ) : (
          '–'
        )}
      </td>
      <td>
        {isRun ? formatInteger(standing.images) : '0'}
        {standing?.isDropped ? ' · dropped' : ''}
      </td>
    </tr>
  );
}
