import { presentPoints } from '../../../project/points';
import { failureOf, onlyJob } from '../../../project/jobStatus';
import { formatInteger } from '../../../project/numbers';
import { useActions, useStudio } from '../../context/context';
import { Button } from '../../ui/Button';
import { FailureNote } from '../../ui/FailureNote';
import { FileButton } from '../../ui/FileButton';
import { Popover } from '../../ui/Popover';
import styles from './PointsMenu.module.css';
import { SweepTimePart } from './SweepTimeSwitch';

/** Where the curves' points come from and go to: a sweep begun here can be finished by other machines, and back. */
export function PointsMenu() {
  const hasNetwork = useStudio((state) => state.network !== null);
  if (!hasNetwork) return null;
  return (
    <Popover label="Points of the curves" className={styles.face} face="Points" isLazy>
      <PointsForm />
    </Popover>
  );
}

function PointsForm() {
  const points = useStudio((state) => presentPoints(state).length);
  const isFromFile = useStudio((state) => state.curvesFrom !== null);
  const hasImages = useStudio((state) => state.images !== null);
  const failure = useStudio((state) => failureOf(state.jobs, 'points'));
  const { openDropped, downloadPoints, dropPoints, dismiss } = useActions();
  return (
    <div className={styles.form}>
      <p className={styles.text}>
        {points === 0 ? 'No point is measured yet.' : `${formatInteger(points)} points are measured`}
        {points > 0 &&
          (isFromFile ? ', on images of their own: they came in a file.' : ', on the selection images.')}
      </p>
      <SweepTimePart />
      <p className={styles.text}>
        Large sweeps run on many machines: <code>enc sweep … --continue --out results</code> goes on from a
        folder that is downloaded here, and what <code>enc merge</code> writes, or the folder itself, opens
        here.
      </p>
      <div className={styles.row}>
        <FileButton
          label="Open curves or results…"
          text="Open…"
          onFiles={(files) => void openDropped(files)}
        />
        <Button disabled={!hasImages} onClick={downloadPoints}>
          Download folder
        </Button>
        {isFromFile && <Button onClick={dropPoints}>Own points</Button>}
      </div>
      {failure && <FailureNote failure={failure} onDismiss={() => dismiss(onlyJob('points'))} />}
    </div>
  );
}
