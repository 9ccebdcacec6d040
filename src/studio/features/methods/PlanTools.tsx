import { canRepair } from '../../../project/measurements';
import { searchedSpace } from '../../../compression/methods/inputs';
import { racedMethods } from '../../../compression/methods';
import { plannerOf } from '../../../project/planning';
import { useActions, useStudio } from '../../context/context';
import { Button } from '../../ui/Button';
import styles from './PlanTools.module.css';
import { RaceTable } from '../race/RaceTable';
import { Switch } from '../../ui/Switch';

/** What concerns all methods: repair, where ENC-Model looks, ENC-Inf's race, and the comparison. */
export function PlanTools() {
  const isRepairing = useStudio((state) => state.document.settings.isRepairing);
  const isAble = useStudio(canRepair);
  const searchesAll = useStudio((state) => {
    const planner = plannerOf(state);
    return planner !== null && searchedSpace(planner.inputs).spread === null;
  });
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
      {racedMethods().map(({ id }) => (
        <RaceTable key={id} method={id} />
      ))}
      <Button onClick={() => compare(true)}>Compare…</Button>
    </div>
  );
}
