import {
  accuracyOf,
  canRepair,
  measurementOf,
  originalMeasurement,
  repairedMeasurement,
} from '../../../project/measurements';
import type { Measurement } from '../../../project/measurement';
import { formatHalfWidth, formatInteger, formatPercent, formatQuality } from '../../../project/numbers';
import { repairOf } from '../../../project/repairs';
import { useStudio, useStudioState } from '../../context/context';
import { lookOf } from '../../model/methods';
import type { StudioState } from '../../store/state';
import styles from './Explanation.module.css';

/** What repair made of the chosen method's plan. */
export function RepairPart() {
  const planned = useStudio(({ completed, document }) => completed?.plans[document.settings.method]);
  const method = useStudio((state) => lookOf(state.document.settings.method).name);
  const note = useStudio((state) => planned && repairOf(state, planned.recipe));
  const isAble = useStudio(canRepair);
  const isOn = useStudio((state) => state.document.settings.isRepairing);
  const cut = useStudio((state) => planned && measurementOf(state, planned.recipe));
  const repaired = useStudio((state) => planned && repairedMeasurement(state, planned.recipe));
  return (
    <section>
      <h3>Repair: each layer learns to live with the cuts before it</h3>
      <p>
        A cut layer answers a little otherwise, and the next one gets that as its input: errors add up. Repair
        goes through the network in order and fits the factors of each cut layer once more by least squares,
        so that from what really reaches it it gives what the original gave. It needs images without labels,
        and neither training nor a single rank more.
      </p>
      {note ? (
        <Result {...{ method, note, cut: cut ?? null, repaired: repaired ?? null }} />
      ) : (
        <p className={styles.note}>
          {!isAble
            ? 'Open images, and its effect on this plan stands here: it takes at least 16 for calibration.'
            : isOn
              ? `The plan of ${method} is not repaired yet; what that changes will stand here.`
              : 'Repair is switched off; with it on, its effect on this plan stands here.'}
        </p>
      )}
    </section>
  );
}

interface ResultProps {
  readonly method: string;
  readonly note: NonNullable<ReturnType<typeof repairOf>>;
  readonly cut: Measurement | null;
  readonly repaired: Measurement | null;
}

function Result({ method, note, cut, repaired }: ResultProps) {
  const getState = useStudioState();
  const { divergence, calibrationImages } = note;
  const most = Math.max(divergence.truncated, divergence.repaired) || 1;
  const rows = [
    { label: 'As cut', value: divergence.truncated, measurement: cut },
    { label: 'Repaired', value: divergence.repaired, measurement: repaired },
  ];
  return (
    <>
      <p>
        {method}’s plan was repaired on {formatInteger(calibrationImages)} images. How far its answers there
        are from the original’s (divergence, in nats; none is 0):
      </p>
      <table className={styles.share} aria-label="Divergence from the original">
        <tbody>
          {rows.map(({ label, value, measurement }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td className={styles.track}>
                <span style={{ width: `${(value / most) * 100}%` }} data-kind={label} />
              </td>
              <td>{formatQuality(value)}</td>
              <td>{measurement ? rightText(getState(), measurement) : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** "93.2 % ±1.6 on the report images" */
function rightText(state: StudioState, measurement: Measurement): string {
  const accuracy = accuracyOf(measurement, originalMeasurement(state));
  if (!accuracy) return '';
  return `${formatPercent(accuracy.share)} ${formatHalfWidth(accuracy.interval)} on the report images`;
}
