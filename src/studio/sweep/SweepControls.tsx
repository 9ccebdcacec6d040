import { Button } from '../panels/Button';
import styles from '../panels/StatusArea.module.css';
import { useActions, useStudio } from '../store/context';

/** Pauses the running sweep. */
export function PauseSweep() {
  const { haltSweep } = useActions();
  return (
    <Button onClick={() => haltSweep('paused')} aria-label="Pause measuring the curves">
      Pause
    </Button>
  );
}

/** A sweep that a person stopped, and the way to go on with it. */
export function HaltedSweep() {
  const halt = useStudio((state) => state.sweep.halt);
  const points = useStudio((state) => state.sweep.points.length);
  const { haltSweep } = useActions();
  return (
    <>
      <div className={styles.text}>
        <p className={styles.title}>Measuring the layers’ curves {halt}</p>
        <p className={styles.details}>{points} points are kept and used.</p>
      </div>
      <Button onClick={() => haltSweep(null)} aria-label="Resume measuring the curves">
        Resume
      </Button>
    </>
  );
}
