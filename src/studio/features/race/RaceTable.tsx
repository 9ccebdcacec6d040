import { useId } from 'react';
import { wilsonInterval } from '../../../linalg/intervals';
import { formatHalfWidth, formatInteger, formatPercent, formatTarget } from '../../../project/numbers';
import { lookOf } from '../../model/methods';
import { recipeKey } from '../../../compression/recipe';
import { statusOf } from '../../../project/jobStatus';
import { racing } from '../../../project/kinds';
import { raceStatus, wantedRaces } from '../../../project/race';
import type { RaceEntry, RaceState } from '../../../project/raceState';
import { candidateRange } from '../../../project/settings';
import type { RaceStanding } from '../../../../workers/protocol/race';
import { useActions, useStudio } from '../../context/context';
import { Button } from '../../ui/Button';
import buttonStyles from '../../ui/Button.module.css';
import { NumberField } from '../../ui/NumberField';
import { Popover } from '../../ui/Popover';
import styles from './RaceTable.module.css';

/** A method's race: every candidate with its accuracy on the selection images so far. */
export function RaceTable({ method }: { readonly method: string }) {
  const race = useStudio((state) => state.races[method] ?? null);
  const isWanted = useStudio((state) => wantedRaces(state).some((task) => task.method === method));
  const job = useStudio((state) => (race && statusOf(state.jobs, racing, race.key)?.state) ?? null);
  if (!race && !isWanted) return null;
  return (
    <Popover
      label={`${lookOf(method).name}’s race`}
      className={buttonStyles.button}
      panelClassName={styles.panel}
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
  if (race.isFinished) return `Race: ${left} of ${race.entries.length} to the end`;
  if (job !== 'running') return 'Race: stopped';
  return race.standings.length === 0
    ? `Race: ${race.entries.length} plans started`
    : `Race: ${left} of ${race.entries.length} plans left`;
}

function Standings({ race }: { readonly race: RaceState }) {
  const candidates = useStudio((state) => state.document.settings.candidates);
  const halted = useStudio((state) => haltedKey(raceStatus(state, race.method)));
  const { request, retry } = useActions();
  const plans = useId();
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
            <Row key={recipeKey(entry.planned.recipe)} entry={entry} index={index} standing={standing} />
          ))}
        </tbody>
      </table>
      <div className={styles.controls}>
        <span>
          <label htmlFor={plans}>Plans</label>{' '}
          <NumberField
            label={null}
            id={plans}
            value={candidates}
            range={{ ...candidateRange, isWhole: true }}
            onValue={(count) => request({ candidates: count })}
          />
        </span>
        {halted !== null && <Button onClick={() => retry({ kind: racing, key: halted })}>Race again</Button>}
      </div>
    </div>
  );
}

/** The key of a race that failed or was cancelled. */
function haltedKey(found: ReturnType<typeof raceStatus>): string | null {
  return found && found.status.state !== 'running' ? found.key : null;
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
