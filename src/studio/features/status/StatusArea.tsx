import { useState } from 'react';
import type { BackgroundJob } from '../../../project/background';
import { backgroundJobs } from '../../../project/jobs';
import { listed, type JobId, type Jobs, type JobStatus } from '../../../project/jobStatus';
import type { ProjectState } from '../../../project/state';
import { formatInteger } from '../../../project/numbers';
import { neededText } from '../../../project/sweepNotes';
import type { WaitingWork } from '../../../project/supervisor';
import { useActions, useStudio } from '../../context/context';
import { Button } from '../../ui/Button';
import styles from './StatusArea.module.css';
import { followingText, timeLeftText } from './progressText';
import {
  askForNotice,
  isNoticeAskable,
  useJustEnded,
  useNotice,
  useTabTitle,
  useWaitingWork,
} from './watching';

interface RunningJob {
  readonly id: JobId;
  readonly job: Extract<JobStatus, { state: 'running' }>;
}

/** What runs now, how far it is and how to stop it; a fixed place, so nothing moves when something starts. */
export function StatusArea() {
  const running = runningJobs(useStudio((state) => state.jobs));
  const waiting = useWaitingWork();
  const [first, ...others] = running;
  const isStopped = useStudio(isAllPaused);
  const halted = useStudio(haltedJob);
  const isBusy = first !== undefined || (waiting.length > 0 && !isStopped);
  const isBetween = useJustEnded(isBusy);
  useTabTitle(first?.job ?? null);
  useNotice(isBusy);
  return (
    <footer className={styles.area} aria-label="Progress">
      <p className="visually-hidden" role="status">
        {first?.job.title ?? ''}
      </p>
      {first ? (
        <Running {...first} others={others} waiting={waiting} />
      ) : isStopped ? (
        <Stopped />
      ) : waiting[0] ? (
        <Next waiting={waiting} />
      ) : isBetween ? (
        <Between />
      ) : halted?.pause ? (
        <Paused kind={halted.kind} pause={halted.pause} />
      ) : (
        <Resting />
      )}
    </footer>
  );
}

/** What runs, that which a person waits for first. */
function runningJobs(jobs: Jobs): readonly RunningJob[] {
  const isBehind = ({ id }: RunningJob) => backgroundJobs.find(id.kind)?.lane === 'background';
  return listed(jobs)
    .flatMap(({ id, status }) => (status.state === 'running' ? [{ id, job: status }] : []))
    .sort((a, b) => Number(isBehind(a)) - Number(isBehind(b)));
}

/** Work that stands still because the person said so, or because it ended early. */
function haltedJob({ jobs, paused }: ProjectState): BackgroundJob | null {
  const hasStopped = (kind: string) =>
    Object.values(jobs[kind] ?? {}).some(({ state }) => state !== 'running');
  return backgroundJobs.all.find(({ kind, pause }) => pause && (paused[kind] || hasStopped(kind))) ?? null;
}

/** Whether a person has stopped everything. */
function isAllPaused({ paused }: ProjectState): boolean {
  return backgroundJobs.all.every(({ kind }) => paused[kind] === true);
}

interface RunningProps extends RunningJob {
  readonly others: readonly RunningJob[];
  readonly waiting: readonly WaitingWork[];
}

function Running({ id, job, others, waiting }: RunningProps) {
  const { cancel, pause } = useActions();
  const { progress } = job;
  const details = [
    progress
      ? `${formatInteger(Math.floor(progress.done))} of ${formatInteger(progress.total)} ${progress.unit}`
      : '',
    progress ? neededText(progress) : '',
    timeLeftText([job, ...others.map((other) => other.job)], waiting),
    followingText([...others.map((other) => other.id.kind), ...waiting.map(({ kind }) => kind)]),
  ];
  const text = details.filter(Boolean).join(' · ');
  const [isAskable, setIsAskable] = useState(isNoticeAskable);
  const isLong = (job.secondsLeft ?? 0) > 60;
  const isMore = others.length > 0 || waiting.length > 0;
  return (
    <>
      <div className={styles.text}>
        <p className={styles.title} title={job.title}>
          {job.title}
        </p>
        <p className={styles.details} title={text}>
          {text}
        </p>
      </div>
      {isLong && isAskable && (
        <Button
          title="Tells you by a notification of this browser when the work is done and you look elsewhere"
          onClick={() => void askForNotice().then(() => setIsAskable(false))}
        >
          Tell me
        </Button>
      )}
      {backgroundJobs.find(id.kind)?.pause ? (
        <Button onClick={() => pause(id.kind)} aria-label={`Pause: ${job.title}`}>
          Pause
        </Button>
      ) : (
        id.kind !== 'backend' && (
          <Button onClick={() => cancel(id)} aria-label={`Cancel: ${job.title}`}>
            Cancel
          </Button>
        )
      )}
      {isMore && <StopAll />}
      <progress
        className={styles.bar}
        aria-label={job.title}
        {...(progress ? { max: progress.total, value: progress.done } : {})}
      />
    </>
  );
}

function StopAll() {
  const { stopAll } = useActions();
  return (
    <Button onClick={stopAll} title="Stops everything that runs or waits; what was measured stays">
      Stop all
    </Button>
  );
}

/** A moment between two steps, of which the second may follow from the first. */
function Between() {
  return (
    <div className={styles.text}>
      <p className={styles.title}>A step has ended</p>
      <p className={styles.details}>what follows begins in a moment</p>
    </div>
  );
}

/** What begins in a moment, such as once the slider has rested. */
function Next({ waiting }: { readonly waiting: readonly WaitingWork[] }) {
  return (
    <>
      <div className={styles.text}>
        <p className={styles.title}>{waiting[0]?.title}</p>
        <p className={styles.details}>begins in a moment</p>
      </div>
      <StopAll />
    </>
  );
}

function Stopped() {
  const { resumeAll } = useActions();
  return (
    <>
      <div className={styles.text}>
        <p className={styles.title}>Stopped</p>
        <p className={styles.details}>What was measured stays; nothing more is until you resume.</p>
      </div>
      <Button onClick={resumeAll} aria-label="Resume everything">
        Resume
      </Button>
    </>
  );
}

interface PausedProps {
  readonly kind: string;
  readonly pause: NonNullable<BackgroundJob['pause']>;
}

function Paused({ kind, pause }: PausedProps) {
  const details = useStudio((state) => pause.details(state));
  const { resume } = useActions();
  return (
    <>
      <div className={styles.text}>
        <p className={styles.title}>{pause.title}</p>
        <p className={styles.details}>{details}</p>
      </div>
      <Button onClick={() => resume(kind)} aria-label={pause.resume}>
        Resume
      </Button>
    </>
  );
}

function Resting() {
  const details = 'Networks and images are read and computed here, in your browser.';
  return (
    <div className={styles.text}>
      <p className={styles.title}>Leaves this machine: nothing</p>
      <p className={styles.details} title={details}>
        {details}
      </p>
    </div>
  );
}
