import { useEffect, useId } from 'react';
import { recipeKey } from '../../../compression/recipe';
import {
  distilNoteOf,
  distilObstacle,
  distilSeconds,
  distilTaskOf,
  distilText,
  epochsOf,
  mirrors,
  presentDistilling,
} from '../../../project/distilling';
import type { DistilNote } from '../../../project/document';
import { failureOf, isRunning, keyOfKind, statusOf } from '../../../project/jobStatus';
import { distilling, pacing } from '../../../project/kinds';
import { formatDuration, formatSecondsLeft } from '../../../project/numbers';
import { epochRange } from '../../../project/settings';
import { planOfSide } from '../../../project/waiting';
import { useActions, useStudio } from '../../context/context';
import { lookOf } from '../../model/methods';
import { Button } from '../../ui/Button';
import buttonStyles from '../../ui/Button.module.css';
import { FailureNote } from '../../ui/FailureNote';
import { NumberField } from '../../ui/NumberField';
import { Popover } from '../../ui/Popover';
import { Switch } from '../../ui/Switch';
import { Word } from '../../words/Word';
import styles from './DistilControl.module.css';
import { EpochsChart } from './EpochsChart';

/** Distils the chosen method's repaired network: what that costs, how it goes, and the ways to end it. */
export function DistilControl() {
  const note = useStudio(presentDistilling);
  const isPaused = useStudio(({ paused }) => paused[distilling] === true);
  const cost = useCost();
  const face = note ? goingOnText(note, isPaused) : `Distil${cost ? ` (${cost.replace('about ', '')})` : ''}`;
  return (
    <Popover
      label="Distil: train towards the original’s answers"
      className={buttonStyles.button}
      panelClassName={styles.panel}
      face={<span className={styles.face}>{face}</span>}
      isLazy
    >
      <Details />
    </Popover>
  );
}

/** "about 4 min" at this machine's pace; null before that is known. */
function useCost(): string | null {
  return useStudio((state) => {
    const seconds = distilSeconds(state);
    return seconds === null ? null : `about ${formatDuration(seconds)}`;
  });
}

function goingOnText(note: DistilNote, isPaused: boolean): string {
  const { done, total } = epochsOf(note);
  return isPaused ? 'Distilling: paused' : `Distilling: epoch ${Math.min(done + 1, total)} of ${total}`;
}

/** The distillation that goes on, else what the last one made of the chosen plan. */
function useShownNote(): DistilNote | null {
  return useStudio((state) => {
    const planned = planOfSide(state, state.document.settings.method);
    return presentDistilling(state) ?? (planned && distilNoteOf(state, planned.recipe));
  });
}

function Details() {
  const shown = useShownNote();
  const asked = useStudio((state) => state.document.settings.epochs);
  const isGoingOn = useStudio((state) => presentDistilling(state) !== null);
  const { timeDistilling } = useActions();
  useEffect(timeDistilling, [timeDistilling]);
  const total = shown ? Math.max(epochsOf(shown).total, shown.epochs.length - 1) : asked;
  return (
    <div className={styles.box}>
      <p className={styles.text}>
        <Word>Distil</Word>: training after repair, without labels. Never worse than repair beyond chance on
        the images held back.
      </p>
      <EpochsChart epochs={shown?.epochs ?? []} total={Math.max(1, total)} />
      <p className={styles.said} role="status">
        {shown ? distilText(shown) : <Offer />}
      </p>
      {isGoingOn ? <GoingOn /> : <Start />}
      <Failures />
    </div>
  );
}

/** What would be distilled, and what it costs. */
function Offer() {
  const obstacle = useStudio(distilObstacle);
  const name = useStudio(({ document }) => lookOf(document.settings.method).name);
  const isTiming = useStudio(({ jobs }) => isRunning(jobs, pacing));
  const cost = useCost();
  if (obstacle) return obstacle;
  if (cost) return `The plan of ${name} takes ${cost} at this machine’s pace.`;
  return isTiming
    ? `A part of it is timed, to say how long the plan of ${name} takes.`
    : `The plan of ${name}; how long it takes is not known yet.`;
}

/** How often and how, and the button that begins. */
function Start() {
  const epochs = useStudio((state) => state.document.settings.epochs);
  const isMirroring = useStudio(mirrors);
  const obstacle = useStudio(distilObstacle);
  const isDone = useStudio((state) => {
    const task = distilTaskOf(state);
    const known = task && state.document.distillations[task.key];
    return Boolean(known && known.best !== null);
  });
  const cost = useCost();
  const { request, distil } = useActions();
  const field = useId();
  return (
    <div className={styles.controls}>
      <label htmlFor={field}>Epochs</label>
      <NumberField
        label={null}
        id={field}
        value={epochs}
        range={{ ...epochRange, isWhole: true }}
        onValue={(value) => request({ epochs: value })}
      />
      <span className={styles.pair}>
        <Switch
          label="Mirror images"
          title="Shows every other image mirrored; off for letters and digits, which mean something else then"
          isOn={isMirroring}
          onChange={(mirror) => request({ mirror })}
        />
        <span aria-hidden="true">Mirror</span>
      </span>
      <Button
        disabled={obstacle !== null || isDone}
        title={isDone ? 'These settings were distilled; other epochs or mirroring are another training' : ''}
        onClick={distil}
      >
        Begin{cost ? ` (${cost})` : ''}
      </Button>
    </div>
  );
}

/** How far it is, and the three ways to end or halt it. */
function GoingOn() {
  const key = useStudio((state) => {
    const note = presentDistilling(state);
    return note && recipeKey(note.recipe);
  });
  const left = useStudio((state) => {
    const status = key === null ? undefined : statusOf(state.jobs, distilling, key);
    return status?.state === 'running' && status.secondsLeft !== null
      ? formatSecondsLeft(status.secondsLeft)
      : '';
  });
  const canKeep = useStudio((state) => {
    const note = presentDistilling(state);
    const { done, total } = note ? epochsOf(note) : { done: 0, total: 0 };
    return done > 0 && done < total;
  });
  const isPaused = useStudio(({ paused }) => paused[distilling] === true);
  const { stopDistilling, cancelDistilling, pause, resume } = useActions();
  return (
    <div className={styles.controls}>
      <Button
        disabled={!canKeep}
        title={canKeep ? 'Takes the best state so far' : 'Possible once an epoch has ended'}
        onClick={stopDistilling}
      >
        Stop and keep
      </Button>
      <Button onClick={() => (isPaused ? resume(distilling) : pause(distilling))}>
        {isPaused ? 'Go on' : 'Pause'}
      </Button>
      <Button onClick={cancelDistilling} aria-label="Cancel distillation">
        Cancel
      </Button>
      <span className={styles.left}>{left}</span>
    </div>
  );
}

function Failures() {
  const failure = useStudio(({ jobs }) => failureOf(jobs, pacing, keyOfKind(jobs, pacing) ?? ''));
  const key = useStudio(({ jobs }) => keyOfKind(jobs, pacing));
  const { dismiss } = useActions();
  if (!failure || key === null) return null;
  return <FailureNote failure={failure} onDismiss={() => dismiss({ kind: pacing, key })} />;
}
