import { useId, useState } from 'react';
import { nextTarget, trialsLeft } from '../../../enc/lossless';
import type { LosslessNote } from '../../../project/document';
import { isRunning } from '../../../project/jobStatus';
import { searchingLossless } from '../../../project/kinds';
import {
  losslessNote,
  losslessTargets,
  losslessTask,
  losslessText,
  smallestTrial,
} from '../../../project/lossless';
import { presentRepair } from '../../../project/measurements';
import { formatDuration, formatInteger, formatPercent, formatTarget } from '../../../project/numbers';
import { paceKey, repairSeconds } from '../../../project/repairs';
import { lossLevelRange } from '../../../project/settings';
import { useActions, useStudio } from '../../context/context';
import { lookOf } from '../../model/methods';
import { Button } from '../../ui/Button';
import buttonStyles from '../../ui/Button.module.css';
import { NumberField } from '../../ui/NumberField';
import { Popover } from '../../ui/Popover';
import styles from './LosslessControl.module.css';

/** Looks for the smallest plan of the chosen method without loss, and shows what was tried. */
export function LosslessControl() {
  const task = useStudio(losslessTask);
  const note = useStudio((state) => losslessNote(state, losslessTask(state)));
  const isSearching = useStudio(({ jobs }) => isRunning(jobs, searchingLossless));
  const [wasAsked, setWasAsked] = useState(false);
  const { findLossless } = useActions();
  const title = useTitle();
  const start = () => {
    setWasAsked(true);
    findLossless();
  };
  return (
    <>
      {!isSearching && !note && (
        <Button disabled={!task} title={title} onClick={start}>
          Smallest without loss
        </Button>
      )}
      {(isSearching || note || wasAsked) && (
        <Popover
          label="Smallest without loss: what was tried"
          className={buttonStyles.button}
          panelClassName={styles.panel}
          face={<span className={styles.face}>{faceText(note, isSearching)}</span>}
          isLazy
        >
          <Details note={note} isSearching={isSearching} onStart={start} />
        </Popover>
      )}
    </>
  );
}

/** What it does, and how long it takes at most. */
function useTitle(): string {
  const name = useStudio(({ document }) => lookOf(document.settings.method).name);
  const isRepaired = useStudio((state) => presentRepair(state) !== null);
  const seconds = useStudio((state) => repairSeconds.of(state, paceKey(state)));
  const trials = trialsLeft(losslessTargets, []);
  const estimate =
    isRepaired && seconds !== undefined ? `; it takes about ${formatDuration(trials * seconds)}` : '';
  return `Tries ${trials} targets of ${name}${isRepaired ? ', repaired,' : ''} on the selection images until the smallest is found whose answers are no worse than the original’s${estimate}`;
}

function faceText(note: LosslessNote | null, isSearching: boolean): string {
  const found = note && smallestTrial(note);
  const next = nextTarget(losslessTargets, note?.trials ?? []);
  if (isSearching)
    return next === null ? 'Without loss: confirming' : `Without loss: trying ${formatTarget(next)}`;
  if (!note) return 'Without loss: not searched yet';
  if (!note.isFinished) return 'Without loss: stopped';
  return found ? `Without loss: ${formatTarget(found.target)}` : 'Without loss: none smaller';
}

interface DetailsProps {
  readonly note: LosslessNote | null;
  readonly isSearching: boolean;
  readonly onStart: () => void;
}

function Details({ note, isSearching, onStart }: DetailsProps) {
  const level = useStudio((state) => state.document.settings.lossLevel);
  const { request, setTarget, stopLossless } = useActions();
  const field = useId();
  const found = note && smallestTrial(note);
  return (
    <div className={styles.box}>
      <p className={styles.text} role="status">
        {note ? losslessText(note, level) : 'Nothing was searched under these settings.'}
      </p>
      {note && note.trials.length > 0 && <Trials note={note} />}
      <p className={styles.text}>
        A plan counts as without loss where McNemar’s one-sided test finds none on these images, and where it
        will probably find none on the report images either. Those are looked at once, at the end.
      </p>
      <div className={styles.controls}>
        <label htmlFor={field}>Level of the test, %</label>
        <NumberField
          label={null}
          id={field}
          value={level * 100}
          show={(value) => String(Number(value.toFixed(2)))}
          range={{ min: lossLevelRange.min * 100, max: lossLevelRange.max * 100, isWhole: false }}
          onValue={(percent) => request({ lossLevel: percent / 100 })}
        />
        {isSearching ? (
          <Button onClick={stopLossless}>Stop</Button>
        ) : (
          !note?.isFinished && <Button onClick={onStart}>{note ? 'Go on' : 'Search'}</Button>
        )}
        {found && <Button onClick={() => setTarget(found.target)}>Go to {formatTarget(found.target)}</Button>}
      </div>
    </div>
  );
}

/** Every target that was tried, in that order. */
function Trials({ note }: { readonly note: LosslessNote }) {
  return (
    <table className={styles.table} aria-label="Targets that were tried">
      <thead>
        <tr>
          <th scope="col">Target</th>
          <th scope="col">Of MACs</th>
          <th scope="col">Original alone right</th>
          <th scope="col">Plan alone right</th>
          <th scope="col">Loss</th>
        </tr>
      </thead>
      <tbody>
        {note.trials.map(({ target, achieved, seen, isLossless }) => (
          <tr key={target}>
            <th scope="row">{formatTarget(target)}</th>
            <td>{formatPercent(achieved)}</td>
            <td>
              {formatInteger(seen.onlyOriginal)} of {formatInteger(seen.images)}
            </td>
            <td>{formatInteger(seen.onlyPlan)}</td>
            <td>{isLossless ? 'none' : 'yes'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
