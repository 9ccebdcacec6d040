import { searchedSpace } from '../../../compression/methods/inputs';
import { raceKey } from '../../store/raceSelectors';
import { canRepair } from '../../store/repairSelectors';
import { useActions, useStudio } from '../../context/context';
import { Button } from '../../ui/Button';
import styles from './PlanTools.module.css';
import { RaceTable } from '../race/RaceTable';
import { Switch } from '../../ui/Switch';

/** What concerns all methods: repair, where ENC-Model looks, ENC-Inf's race, and the comparison. */
export function PlanTools() {
  const isRepairing = useStudio((state) => state.requested.isRepairing);
  const isAble = useStudio(canRepair);
  const searchesAll = useStudio(
    ({ network }) => network !== null && searchedSpace(network.planner.inputs).spread === null,
  );
  const hasRace = useStudio((state) => state.race !== null || raceKey(state) !== null);
  const { request, compare } = useActions();
  return (
    <div className={styles.tools}>
      <span className={styles.tool}>
        <Switch
          label="Repair"
          title={
            isAble
              ? 'Re-fit the factors on the unlabelled calibration images before a plan counts'
              : 'Repair needs at least 16 calibration images'
          }
          isOn={isRepairing && isAble}
          isDisabled={!isAble}
          onChange={(on) => request({ isRepairing: on })}
        />
        <span aria-hidden="true">Repair</span>
      </span>
      <span className={styles.tool}>
        <Switch
          label="ENC-Model searches all ranks"
          title="Off, ENC-Model stays near ENC-Map, as in the paper; on, it searches every rank of every layer"
          isOn={searchesAll}
          onChange={(on) => request({ searchesAll: on })}
        />
        <span aria-hidden="true">Search all ranks</span>
      </span>
      {hasRace && <RaceTable />}
      <Button onClick={() => compare(true)}>Compare…</Button>
    </div>
  );
}
