import { intervalWarning } from '../../enc/sweep/warnings';
import buttonStyles from '../panels/Button.module.css';
import { Popover } from '../panels/Popover';
import formStyles from '../panels/PreprocessingControl.module.css';
import { useActions, useStudio } from '../store/context';
import { imageSplit, measurementOf, originalRanks } from '../store/selectors';

/** How the images are split, by seed. */
export function SplitControl() {
  return (
    <Popover label="Split of the images" className={buttonStyles.button} face="Split" isLazy>
      <SplitForm />
    </Popover>
  );
}

function SplitForm() {
  const split = useStudio(imageSplit);
  const seed = useStudio((state) => state.requested.seed);
  const warning = useStudio((state) => {
    const original = measurementOf(state, originalRanks);
    if (!original || original.top1 === null) return null;
    return intervalWarning(original.top1, original.images)?.message ?? null;
  });
  const { setSplit } = useActions();
  const { calibration, selection, report } = split;
  return (
    <div className={formStyles.form}>
      <p className={formStyles.formula}>What is chosen on one part is never reported on it.</p>
      <NumberField
        label="Calibration"
        value={calibration.length}
        onValue={(value) => setSplit({ sizes: { calibration: value } })}
      />
      <NumberField
        label="Selection"
        value={selection.length}
        onValue={(value) => setSplit({ sizes: { selection: value } })}
      />
      <NumberField label="Seed" value={seed} onValue={(value) => setSplit({ seed: value })} />
      <p className={formStyles.hint}>
        Accuracy is reported on the other {report.length} images. Curves come from the selection, repair from
        calibration. A change measures anew.
      </p>
      {warning && (
        <p className={formStyles.problem} role="note">
          {warning}
        </p>
      )}
    </div>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly onValue: (value: number) => void;
}

/** A whole number that is read when the person leaves the field or presses Enter. */
function NumberField({ label, value, onValue }: NumberFieldProps) {
  const commit = (input: HTMLInputElement) => {
    const read = Math.round(input.valueAsNumber);
    if (Number.isFinite(read) && read >= 0 && read !== value) onValue(Math.min(read, 999_999_999));
    else input.value = String(value);
  };
  return (
    <>
      <span>{label}</span>
      <input
        key={value}
        aria-label={label}
        type="number"
        min={0}
        defaultValue={value}
        onBlur={(event) => commit(event.currentTarget)}
        onKeyDown={(event) => event.key === 'Enter' && commit(event.currentTarget)}
      />
    </>
  );
}
