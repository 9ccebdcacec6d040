import { imageParts } from '../../../project/images';
import { failureOf, onlyJob } from '../../../project/jobStatus';
import { useId } from 'react';
import { formatInteger } from '../../../project/numbers';
import type { SplitSizes } from '../../../project/settingTexts';
import { halfWidth, selectionWarning } from '../../../project/sweeps';
import { useActions, useStudio } from '../../context/context';
import buttonStyles from '../../ui/Button.module.css';
import { Button } from '../../ui/Button';
import { FailureNote } from '../../ui/FailureNote';
import { FileButton } from '../../ui/FileButton';
import { NumberField } from '../../ui/NumberField';
import { Popover } from '../../ui/Popover';
import styles from './SplitControl.module.css';

/** Which images serve for repair, for choosing ranks, and for the accuracy that is reported. */
export function SplitControl() {
  const parts = useStudio(imageParts);
  if (!parts) return null;
  return (
    <Popover label="Split of the images" className={buttonStyles.button} face="Split" isLazy>
      <SplitForm />
    </Popover>
  );
}

function SplitForm() {
  const parts = useStudio(imageParts);
  const tuning = useStudio((state) => state.tuning);
  const images = useStudio((state) => state.images);
  const seed = useStudio((state) => state.document.settings.seed);
  const warning = useStudio(selectionWarning);
  const failure = useStudio((state) => failureOf(state.jobs, 'tuning'));
  const { request, openTuning, closeTuning, dismiss } = useActions();
  if (!parts || !images) return null;
  const { sizes } = parts;
  const max = (tuning ?? images).count - 1;
  const report = parts.report.indices.length;
  const rest = tuning ? images.count : images.count - sizes.calibration - sizes.selection;
  return (
    <div className={styles.form}>
      <p className={styles.text}>
        No image serves twice: ranks are chosen on the selection images, layers repaired on the calibration
        images, and accuracy is reported on the others.
      </p>
      <CountField
        label="Calibration"
        value={sizes.calibration}
        max={max - sizes.selection}
        onCount={(calibration) => request({ split: { ...sizes, calibration } })}
      />
      <CountField
        label="Selection"
        value={sizes.selection}
        max={max - sizes.calibration}
        onCount={(selection) => request({ split: { ...sizes, selection } })}
      />
      <CountField
        label="Report, at most"
        value={report}
        min={1}
        max={rest}
        onCount={(count) => request({ split: withReport(sizes, count, rest) })}
      />
      <p className={styles.row}>
        <span />
        <output aria-label="Report images">
          {formatInteger(report)} images, about ±{halfWidth(report).toFixed(1)} points
        </output>
      </p>
      <CountField
        label="Seed"
        value={seed}
        max={Number.MAX_SAFE_INTEGER}
        onCount={(value) => request({ seed: value })}
      />
      {warning && <p className={styles.warning}>{warning}</p>}
      {failure && <FailureNote failure={failure} onDismiss={() => dismiss(onlyJob('tuning'))} />}
      <p className={styles.text}>
        {tuning
          ? `Calibration and selection come from ${tuning.name} (${formatInteger(tuning.count)} images); ${report < rest ? 'a part' : 'all'} of ${images.name} is reported on.`
          : 'Or keep all of them for the report and open other images for the rest.'}
      </p>
      <div className={styles.buttons}>
        <FileButton label="Open calibration images…" onFiles={(files) => void openTuning(files)} />
        {tuning && <Button onClick={closeTuning}>Split the opened ones</Button>}
      </div>
    </div>
  );
}

/** Sizes of which the report takes no more than so many; without a bound where that is all that is left. */
function withReport({ calibration, selection }: SplitSizes, report: number, rest: number): SplitSizes {
  return { calibration, selection, ...(report < rest ? { report } : {}) };
}

interface CountFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min?: number;
  readonly max: number;
  readonly onCount: (count: number) => void;
}

function CountField({ label, value, min = 0, max, onCount }: CountFieldProps) {
  const id = useId();
  return (
    <p className={styles.row}>
      <label htmlFor={id}>{label}</label>
      <NumberField label={null} id={id} value={value} range={{ min, max, isWhole: true }} onValue={onCount} />
    </p>
  );
}
