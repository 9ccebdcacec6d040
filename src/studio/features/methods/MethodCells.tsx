import { accuracyOf, originalMeasurement } from '../../../project/measurements';
import type { ReactNode } from 'react';
import {
  formatBytes,
  formatCount,
  formatHalfWidth,
  formatInteger,
  formatPercent,
} from '../../../project/numbers';
import type { ForetoldAccuracy } from '../../../enc/foretelling';
import { countAgreement, type Measurement } from '../../../project/measurement';
import { useStudio } from '../../context/context';
import styles from './MethodCells.module.css';

interface CellProps {
  /** Shown above the value where there is no common heading (on a phone). */
  readonly heading: string;
  readonly value: ReactNode;
  readonly note?: ReactNode;
  readonly isPredicted?: boolean;
  readonly title?: string;
  readonly className?: string | undefined;
  /** Whether it can be found by its heading. */
  readonly isGroup?: boolean;
}

/** One number of a row, with what it means below it. */
export function Cell({
  heading,
  value,
  note,
  isPredicted = false,
  title,
  className,
  isGroup = false,
}: CellProps) {
  return (
    <div
      className={[styles.cell, className].join(' ')}
      data-predicted={isPredicted}
      title={title}
      {...(isGroup ? { role: 'group', 'aria-label': heading } : {})}
    >
      <span className={styles.heading}>{heading}</span>
      <span className={styles.value}>{value}</span>
      <span className={styles.note}>{note}</span>
    </div>
  );
}

interface AccuracyCellProps {
  /** What it is the accuracy of: "As cut", "Repaired". */
  readonly stage: string;
  readonly measurement: Measurement | null;
  /** What stands in place of a number that is not there yet. */
  readonly pending: ReactNode;
  readonly pendingNote?: ReactNode;
  /** What was measured before foretells of it, until it is measured itself. */
  readonly foretold?: ForetoldAccuracy | null;
  /** What is pending in few words, behind what is foretold. */
  readonly foretoldNote?: ReactNode;
  readonly className?: string | undefined;
}

/** Top-1, or agreement with the original: measured, so solid and with an interval. */
export function AccuracyCell({
  stage,
  measurement,
  pending,
  pendingNote,
  foretold = null,
  foretoldNote,
  className,
}: AccuracyCellProps) {
  const original = useStudio((state) => originalMeasurement(state));
  const accuracy = measurement && accuracyOf(measurement, original);
  const classes = [styles.accuracy, className].join(' ');
  if (!accuracy && foretold) {
    const { share, low, high } = foretold;
    return (
      <Cell
        heading={stage}
        className={classes}
        isGroup
        isPredicted
        title="Predicted by the layers’ curves and what was measured in this session, with a 95 % interval"
        value={`≈\u00a0${formatPercent(share)}`}
        note={
          <>
            {`${(100 * low).toFixed(0)}–${formatPercent(high, 0)}`}
            {foretoldNote}
          </>
        }
      />
    );
  }
  if (!accuracy)
    return <Cell heading={stage} className={classes} value={pending} note={pendingNote} isGroup />;
  return (
    <Cell
      heading={stage}
      className={classes}
      isGroup
      value={
        <>
          {formatPercent(accuracy.share)}{' '}
          <small title="half of the 95 % interval, in points">{formatHalfWidth(accuracy.interval)}</small>
        </>
      }
      note={
        <>
          {`${formatInteger(accuracy.successes)} of ${formatInteger(accuracy.images)}`}
          <span className="visually-hidden"> images</span>
        </>
      }
    />
  );
}

interface AnswersCellProps {
  /** Of the network that is downloaded: repaired where that was measured, else as it is cut. */
  readonly measurement: Measurement | null;
  /** Whether it is of the cut network though the file will be of the repaired one. */
  readonly isBefore?: boolean;
  /** Name of the method whose answers can be looked at, and how. */
  readonly look?: { readonly name: string; readonly onLook: () => void };
}

/** Answers that are the original's, and top-5 below. */
export function AnswersCell({ measurement, isBefore = false, look }: AnswersCellProps) {
  const original = useStudio((state) => originalMeasurement(state));
  const isOriginal = measurement !== null && measurement === original;
  const same = measurement && original ? countAgreement(measurement, original) / measurement.count : null;
  const top5 = measurement && measurement.top5 !== null ? measurement.top5 / measurement.count : null;
  const top5Text = top5 === null ? '' : `top-5 ${formatPercent(top5)}`;
  const stage = isBefore ? 'as cut' : '';
  return (
    <Cell
      heading="Same answers"
      value={same === null || isOriginal ? '–' : <SameAnswers share={same} look={look} />}
      note={stage || top5Text}
      title={[`Answers that are the original’s${isBefore ? ', of the network as it is cut' : ''}`, top5Text]
        .filter(Boolean)
        .join('; ')}
    />
  );
}

interface SameAnswersProps {
  readonly share: number;
  readonly look: AnswersCellProps['look'];
}

/** The share of answers that stayed, as the way to those that did not. */
function SameAnswers({ share, look }: SameAnswersProps) {
  if (!look) return formatPercent(share);
  return (
    <button
      type="button"
      className={styles.look}
      aria-label={`${formatPercent(share)} same answers: look at those of ${look.name}`}
      title="Look at the images"
      onClick={look.onLook}
    >
      {formatPercent(share)}
    </button>
  );
}

interface CostCellsProps {
  readonly macs: number;
  readonly parameters: number;
  readonly bytes: number;
  readonly bytesAreExact?: boolean;
}

/** MACs and parameters, as shares of the original and as numbers, and the file's size. */
export function CostCells({ macs, parameters, bytes, bytesAreExact = false }: CostCellsProps) {
  const total = useStudio((state) => state.network?.summary);
  const share = (value: number, whole: number | undefined) => formatPercent(whole ? value / whole : 1);
  const size = `${bytesAreExact ? '' : '≈\u00a0'}${formatBytes(bytes)}`;
  return (
    <>
      <Cell heading="MACs" value={share(macs, total?.macs)} note={formatCount(macs)} />
      <Cell
        heading="Parameters, file"
        value={share(parameters, total?.parameters)}
        note={`${formatCount(parameters)} · ${size}`}
        title={bytesAreExact ? 'Size of the file' : 'The file’s size by four bytes per parameter'}
      />
    </>
  );
}
