import { useState } from 'react';
import { loadPart } from '../../../network/parts';
import {
  measuredPlans,
  quantities,
  quantityNamed,
  type MeasuredPlan,
  type Quantity,
} from '../../../project/measuredPlans';
import { LazyFigure } from '../../charts/LazyFigure';
import { useActions, useStudio } from '../../context/context';
import { offeredMethods } from '../../model/methods';
import { Button } from '../../ui/Button';
import { MethodSwitches } from '../methods/MethodSwitches';
import { ByBytes } from './ByBytes';
import styles from './HistoryDialog.module.css';
import { PlanTable } from './PlanTable';
import { SelectedPlan } from './SelectedPlan';

const loadHistoryChart = () =>
  loadPart('the figure of the history', () => import('./HistoryChart')).then((part) => part.HistoryChart);

/** What the dialog holds: it exists only while that is open. */
export function History() {
  const all = useStudio(measuredPlans);
  const [upId, setUp] = useState('accuracy');
  const [acrossId, setAcross] = useState('macs');
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [isKeptOnly, setKeptOnly] = useState(false);
  const [selected, setSelected] = useState<string | null>(null);
  const { lookAtHistory } = useActions();
  const [up, across] = [quantityNamed(upId), quantityNamed(acrossId)];
  const shown = all.filter((plan) => (plan.isKept || !isKeptOnly) && !isHidden(plan, hidden));
  const plan = shown.find(({ key }) => key === selected) ?? null;
  const missing = shown.filter((own) => up.of(own) === null || across.of(own) === null).length;
  return (
    <>
      <header className={styles.head}>
        <h2 id="history-title">History</h2>
        <Axis label="Up" value={upId} offered={upward} onChange={setUp} />
        <Axis label="Across" value={acrossId} offered={sideways} onChange={setAcross} />
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={isKeptOnly}
            onChange={(event) => setKeptOnly(event.currentTarget.checked)}
          />
          only kept
        </label>
        <Button className={styles.close} onClick={() => lookAtHistory(false)}>
          Close
        </Button>
      </header>
      {all.length === 0 ? (
        <p className={styles.empty}>
          Nothing is measured yet. Every plan that runs on the report images comes to stand here.
        </p>
      ) : (
        <>
          <LazyFigure
            load={loadHistoryChart}
            props={{
              ...{ plans: shown, up, across, selected, onSelect: setSelected },
              legend: <MethodSwitches methods={proposing(all)} hidden={hidden} onChange={setHidden} />,
            }}
          />
          {missing > 0 && (
            <p className={styles.missing}>
              {missing} of {shown.length} plans are not drawn: their time was not measured in this session.
            </p>
          )}
          <SelectedPlan plan={plan} />
          <PlanTable plans={shown} across={across} selected={selected} onSelect={setSelected} />
        </>
      )}
      <ByBytes />
    </>
  );
}

const upward = quantities.filter(({ id }) => id === 'accuracy' || id === 'time');
const sideways = quantities.filter(({ isCost }) => isCost);

/** Whether every method that proposed it is hidden. */
function isHidden({ methods }: MeasuredPlan, hidden: ReadonlySet<string>): boolean {
  return methods.length > 0 && methods.every((method) => hidden.has(method));
}

/** Methods that proposed one of the plans. */
function proposing(plans: readonly MeasuredPlan[]) {
  return offeredMethods().filter(({ method }) => plans.some((plan) => plan.methods.includes(method)));
}

interface AxisProps {
  readonly label: string;
  readonly value: string;
  readonly offered: readonly Quantity[];
  readonly onChange: (id: string) => void;
}

function Axis({ label, value, offered, onChange }: AxisProps) {
  return (
    <label className={styles.axis}>
      {label}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {offered.map((quantity) => (
          <option key={quantity.id} value={quantity.id}>
            {quantity.label}
          </option>
        ))}
      </select>
    </label>
  );
}
