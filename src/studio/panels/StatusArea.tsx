import { formatInteger, formatSecondsLeft } from '../format/numbers';
import type { JobId, Jobs, JobStatus } from '../store/jobs';
import { useActions, useStudio } from '../store/context';
import { Button } from './Button';
import styles from './StatusArea.module.css';

type RunningJob = Extract<JobStatus, { state: 'running' }>;

/** What runs now, how far it is and how to stop it; a fixed place, so nothing moves when something starts. */
export function StatusArea() {
  const jobs = useStudio((state) => state.jobs);
  const running = runningJobs(jobs);
  const [first] = running;
  return (
    <footer className={styles.area} aria-label="Progress">
      <p className="visually-hidden" role="status">
        {first?.job.title ?? ''}
      </p>
      {first ? <Running id={first.id} job={first.job} others={running.length - 1} /> : <Resting />}
    </footer>
  );
}

function runningJobs(jobs: Jobs): { id: JobId; job: RunningJob }[] {
  return (Object.entries(jobs) as [JobId, JobStatus][]).flatMap(([id, job]) =>
    job.state === 'running' ? [{ id, job }] : [],
  );
}

interface RunningProps {
  readonly id: JobId;
  readonly job: RunningJob;
  readonly others: number;
}

function Running({ id, job, others }: RunningProps) {
  const { cancel } = useActions();
  const { progress, secondsLeft } = job;
  const details = [
    progress ? `${formatInteger(progress.done)} of ${formatInteger(progress.total)} ${progress.unit}` : '',
    secondsLeft === null ? '' : formatSecondsLeft(secondsLeft),
    others > 0 ? `${others} more waiting` : '',
  ];
  return (
    <>
      <div className={styles.text}>
        <p className={styles.title}>{job.title}</p>
        <p className={styles.details}>{details.filter(Boolean).join(' · ')}</p>
      </div>
      {id !== 'backend' && (
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

function Resting() {
  return (
    <div className={styles.text}>
      <p className={styles.title}>Leaves this machine: nothing</p>
      <p className={styles.details}>Networks and images are read and computed here, in your browser.</p>
    </div>
  );
}
