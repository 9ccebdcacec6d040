import { canRepair } from '../../../project/measurements';
import { searchedSpace } from '../../../compression/methods/inputs';
import { racedMethods } from '../../../compression/methods';
import { plannerOf } from '../../../project/planning';
import { useActions, useStudio } from '../../context/context';
import { Button } from '../../ui/Button';
import styles from './PlanTools.module.css';
import { DistilControl } from '../distilling/DistilControl';
import { LosslessControl } from '../lossless/LosslessControl';
import { RaceTable } from '../race/RaceTable';
import { Switch } from '../../ui/Switch';
import { allUnrepaired, paceKey, plansToRepair, repairSeconds } from '../../../project/repairs';
import { formatDuration } from '../../../project/numbers';

/** What concerns all methods: repair, where ENC-Model looks, ENC-Inf's race, and the comparison. */
export function PlanTools() {
  const isRepairing = useStudio((state) => state.document.settings.isRepairing);
  const isAble = useStudio(canRepair);
  const searchesAll = useStudio((state) => {
    const planner = plannerOf(state);
    return planner !== null && searchedSpace(planner.inputs).spread === null;
  });
  const { request, compare, lookAtHistory } = useActions();
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
        <span aria-hidden="true">All ranks</span>
      </span>
      <DistilControl />
      <RepairAll />
      {racedMethods().map(({ id }) => (
        <RaceTable key={id} method={id} />
      ))}
      <LosslessControl />
      <span className={styles.ways}>
        <Button onClick={() => lookAtHistory(true)}>History…</Button>
        <Button onClick={() => compare(true)}>Compare…</Button>
      </span>
    </div>
  );
}

/** Repairs what nobody waits for, too; how long that takes is known once something was repaired. */
function RepairAll() {
  const all = useStudio((state) => allUnrepaired(state).length);
  const coming = useStudio((state) => plansToRepair(state).length);
  const seconds = useStudio((state) => repairSeconds.of(state, paceKey(state)));
  const { repairAll } = useActions();
  if (all === coming) return null;
  const estimate = seconds === undefined ? '' : ` (${formatDuration(all * seconds)})`;
  return (
    <Button title="Repairs every method’s plan at this target" onClick={() => repairAll()}>
      Repair all{estimate}
    </Button>
  );
}
