import { failureOf, keyOfKind, statusOf } from '../../../project/jobStatus';
import { detecting } from '../../../project/kinds';
import { formatPercent } from '../../../project/numbers';
import type { DetectionNote, DetectionRow } from '../../../project/detection';
import { isTaken, scoreText } from './detection';
import { presets, samePreprocessing } from '../../../project/preprocessing';
import { detectionNote } from '../../store/selectors';
import { useActions, useStudio } from '../../context/context';
import { Button } from '../../ui/Button';
import styles from './DetectionPart.module.css';
import { FailureNote } from '../../ui/FailureNote';
import { greatest, least } from '../../../linalg/extremes';

/** Finds the preprocessing by trying: the button, how far it is, and what every preset gave. */
export function DetectionPart() {
  const key = useStudio((state) => keyOfKind(state.jobs, detecting)) ?? '';
  const job = useStudio((state) => statusOf(state.jobs, detecting, key));
  const failure = useStudio((state) => failureOf(state.jobs, detecting, key));
  const canRun = useStudio((state) => state.network !== null && state.images !== null);
  const note = useStudio(detectionNote);
  const { detectPreprocessing, cancel, dismiss } = useActions();
  const isRunning = job?.state === 'running';
  const progress = isRunning ? job.progress : null;
  return (
    <div className={styles.part}>
      <div className={styles.row}>
        <p className={styles.text} role="status">
          {isRunning
            ? `Trying every preset… ${progress ? formatPercent(progress.done / progress.total, 0) : ''}`
            : note
              ? verdict(note)
              : 'Detect runs a few hundred images through every preset and takes the best.'}
        </p>
        {isRunning ? (
          <Button onClick={() => cancel({ kind: detecting, key })}>Cancel</Button>
        ) : (
          <Button disabled={!canRun} onClick={() => detectPreprocessing()}>
            Detect
          </Button>
        )}
      </div>
      {failure && <FailureNote failure={failure} onDismiss={() => dismiss({ kind: detecting, key })} />}
      {note && <DetectionTable note={note} />}
      {note && <p className={styles.hint}>{countsText(note)}</p>}
    </div>
  );
}

/** On how many images each preset ran: those that are clearly behind stop after the round that shows it. */
function countsText({ rows }: DetectionNote): string {
  const counts = rows.map(({ images }) => images);
  const [min, max] = [least(counts), greatest(counts)];
  if (min === max) return `Each ran on ${max} images.`;
  return `Run on ${max} images; those that fell behind on fewer, at least ${min}.`;
}

/** "Detected: CIFAR ResNet-56, RGB, 93.4 % of 320 images right." */
function verdict(note: DetectionNote): string {
  const row = note.rows.find((candidate) => isTaken(note, candidate))!;
  const name = `${nameOf(row)}, ${orderOf(row)}`;
  return note.isGuess
    ? `A guess, since the images have no labels: ${name} gives the surest answers.`
    : `Detected: ${name}, ${formatPercent(row.correct! / row.images)} of ${row.images} images right.${tie(row, note.rows)}`;
}

/** Why the one that is taken need not be the greatest number. */
function tie(taken: DetectionRow, rows: readonly DetectionRow[]): string {
  const isBeaten = rows.some(({ correct, images }) => correct! / images > taken.correct! / taken.images);
  return isBeaten ? ' Higher figures lie within chance.' : '';
}

function DetectionTable({ note }: { readonly note: DetectionNote }) {
  const current = useStudio((state) => state.document.settings.preprocessing);
  const { setPreprocessing } = useActions();
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label="Results of detection">
        <thead>
          <tr>
            <th scope="col">Preset</th>
            <th scope="col">Order</th>
            <th scope="col">{note.isGuess ? 'Sureness' : 'Top-1'}</th>
            <th scope="col">
              <span className="visually-hidden">Choice</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {note.rows.map((row) => {
            const isCurrent = samePreprocessing(current, row.preprocessing);
            const name = `${nameOf(row)}, ${orderOf(row)}`;
            return (
              <tr key={name} data-current={isCurrent}>
                <th scope="row">
                  {nameOf(row)}{' '}
                  {isTaken(note, row) && (
                    <span className={styles.taken} title={takenTitle(note)}>
                      {note.isGuess ? 'guessed' : 'detected'}
                    </span>
                  )}
                </th>
                <td>{orderOf(row)}</td>
                <td>{scoreText(row)}</td>
                <td>
                  {isCurrent ? (
                    <span className={styles.used}>in use</span>
                  ) : (
                    <button
                      type="button"
                      className={styles.use}
                      aria-label={`Use ${name}`}
                      onClick={() => setPreprocessing(row.preprocessing)}
                    >
                      Use
                    </button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function takenTitle({ isGuess }: DetectionNote): string {
  return isGuess
    ? 'The surest answers'
    : 'The most usual of those that are no worse than the best beyond chance';
}

function nameOf({ preset }: DetectionRow): string {
  const name = presets.find(({ id }) => id === preset)?.name ?? preset;
  return name.split(':')[0] ?? name;
}

function orderOf({ preprocessing }: DetectionRow): string {
  return { rgb: 'RGB', bgr: 'BGR', grey: 'grey' }[preprocessing.channels];
}
