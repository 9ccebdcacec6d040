import { formatInteger, formatSecondsLeft } from '../../../project/numbers';
import type { JobId, Jobs, JobStatus } from '../../store/jobs';
import { useActions, useStudio } from '../../context/context';
import { Button } from '../../ui/Button';
import styles from './StatusArea.module.css';

type RunningJob = Extract<JobStatus, { state: 'running' }>;

/** What runs now, how far it is and how to stop it; a fixed place, so nothing moves when something starts. */
export function StatusArea() {
  const jobs = useStudio((state) => state.jobs);
  const running = runningJobs(jobs);
  const [first] = running;
  const isPaused = useStudio(
    ({ sweep, jobs: { sweep: job } }) => sweep.isPaused || (job !== undefined && job.state !== 'running'),
  );
  return (
    <footer className={styles.area} aria-label="Progress">
      <p className="visually-hidden" role="status">
        {first?.job.title ?? ''}
      </p>
      {first ? (
        <Running id={first.id} job={first.job} others={running.length - 1} />
      ) : isPaused ? (
        <Paused />
      ) : (
        <Resting />
      )}
    </footer>
  );
}

function runningJobs(jobs: Jobs): { id: JobId; job: RunningJob }[] {
  return (Object.entries(jobs) as [JobId, JobStatus][])
    .flatMap(([id, job]) => (job.state === 'running' ? [{ id, job }] : []))
    .sort((a, b) => Number(a.id === 'sweep') - Number(b.id === 'sweep'));
}

interface RunningProps {
  readonly id: JobId;
  readonly job: RunningJob;
  readonly others: number;
}

function Running({ id, job, others }: RunningProps) {
  const { cancel, pauseSweep } = useActions();
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
      {id === 'sweep' && (
        <Button onClick={pauseSweep} aria-label={`Pause: ${job.title}`}>
          Pause
        </Button>
      )}
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

/** The sweep stands still because the person said so, or because it failed. */
function Paused() {
  const points = useStudio((state) => state.sweep.points.length);
  const { resumeSweep } = useActions();
  return (
    <>
      <div className={styles.text}>
        <p className={styles.title}>Measuring the layers’ curves is paused</p>
        <p className={styles.details}>{formatInteger(points)} points are measured and saved.</p>
      </div>
      <Button onClick={resumeSweep} aria-label="Resume measuring">
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
