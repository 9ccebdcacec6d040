import type { BackgroundJob } from '../../../project/background';
import { backgroundJobs } from '../../../project/jobs';
import { listed, type JobId, type Jobs, type JobStatus } from '../../../project/jobStatus';
import type { ProjectState } from '../../../project/state';
import { formatInteger, formatSecondsLeft } from '../../../project/numbers';
import { useActions, useStudio } from '../../context/context';
import { Button } from '../../ui/Button';
import styles from './StatusArea.module.css';

interface RunningJob {
  readonly id: JobId;
  readonly job: Extract<JobStatus, { state: 'running' }>;
}

/** What runs now, how far it is and how to stop it; a fixed place, so nothing moves when something starts. */
export function StatusArea() {
  const running = runningJobs(useStudio((state) => state.jobs));
  const [first] = running;
  const halted = useStudio(haltedJob);
  return (
    <footer className={styles.area} aria-label="Progress">
      <p className="visually-hidden" role="status">
        {first?.job.title ?? ''}
      </p>
      {first ? (
        <Running {...first} others={running.length - 1} />
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

interface RunningProps extends RunningJob {
  readonly others: number;
}

function Running({ id, job, others }: RunningProps) {
  const { cancel, pause } = useActions();
  const { progress, secondsLeft } = job;
  const details = [
    progress ? `${formatInteger(progress.done)} of ${formatInteger(progress.total)} ${progress.unit}` : '',
    secondsLeft === null ? '' : formatSecondsLeft(secondsLeft),
    others > 0 ? `${others} more waiting` : '',
  ];
  return (
    <>
      <div className={styles.text}>
        <p className={styles.title} title={job.title}>
          {job.title}
        </p>
        <p className={styles.details}>{details.filter(Boolean).join(' · ')}</p>
      </div>
      {backgroundJobs.find(id.kind)?.pause && (
        <Button onClick={() => pause(id.kind)} aria-label={`Pause: ${job.title}`}>
          Pause
        </Button>
      )}
      {id.kind !== 'backend' && (
        <Button onClick={() => cancel(id)} aria-label={`Cancel: ${job.title}`}>
          Cancel
        </Button>
      )}
      <progress
        className={styles.bar}
        aria-label={job.title}
        {...(progress ? { max: progress.total, value: progress.done } : {})}
      />
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
  return (
    <div className={styles.text}>
      <p className={styles.title}>Leaves this machine: nothing</p>
      <p className={styles.details}>Networks and images are read and computed here, in your browser.</p>
    </div>
  );
}
