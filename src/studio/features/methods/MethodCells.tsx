import { accuracyOf, originalMeasurement } from '../../../project/measurements';
import type { ReactNode } from 'react';
import {
  formatBytes,
  formatCount,
  formatHalfWidth,
  formatInteger,
  formatPercent,
} from '../../../project/numbers';
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
}

/** One number of a row, with what it means below it. */
export function Cell({ heading, value, note, isPredicted = false, title, className }: CellProps) {
  return (
    <div className={[styles.cell, className].join(' ')} data-predicted={isPredicted} title={title}>
      <span className={styles.heading}>{heading}</span>
      <span className={styles.value}>{value}</span>
      <span className={styles.note}>{note}</span>
    </div>
  );
}

interface AccuracyCellsProps {
  readonly measurement: Measurement | null;
  /** What stands in place of a number that is not there yet. */
  readonly pending: ReactNode;
  readonly pendingNote?: ReactNode;
  /** The truncated network's run, where `measurement` is of the repaired one. */
  readonly before?: Measurement | null;
  /** How far repair is, below the number. */
  readonly repair?: ReactNode;
  /** Name of the method whose answers can be looked at, and how. */
  readonly look?: { readonly name: string; readonly onLook: () => void };
}

/** Top-1, top-5 and agreement with the original: measured, so solid and with an interval. */
export function AccuracyCells({
  measurement,
  pending,
  pendingNote,
  look,
  before = null,
  repair,
}: AccuracyCellsProps) {
  const original = useStudio((state) => originalMeasurement(state));
  const accuracy = measurement && accuracyOf(measurement, original);
  const former = before && accuracyOf(before, original);
  const same = measurement && original ? countAgreement(measurement, original) / measurement.count : null;
  const top5 = measurement && measurement.top5 !== null ? measurement.top5 / measurement.count : null;
  const isOriginal = measurement !== null && measurement === original;
  return (
    <>
      <Cell
        heading={accuracy?.kind === 'agreement' ? 'Agreement' : 'Top-1 accuracy'}
        className={styles.accuracy}
        {...(top5 === null ? {} : { title: `Top-5 ${formatPercent(top5)}` })}
        value={
          accuracy ? (
            <>
              {formatPercent(accuracy.share)}{' '}
              <small title="half of the 95 % interval, in points">{formatHalfWidth(accuracy.interval)}</small>
            </>
          ) : (
            pending
          )
        }
        note={
          accuracy ? (
            <>
              {`${formatInteger(accuracy.successes)} of ${formatInteger(accuracy.images)}`}
              {/* There is no room for the word beside what the accuracy was. */}
              <span className={former ? 'visually-hidden' : undefined}> images</span>
              {former ? (
                <span title="without repair">{` · was ${formatPercent(former.share)}`}</span>
              ) : (
                repair
              )}
            </>
          ) : (
            pendingNote
          )
        }
      />
      <Cell heading="Top-5" value={top5 === null ? '–' : formatPercent(top5)} />
      <Cell
        heading="Same answers"
        value={same === null || isOriginal ? '–' : <SameAnswers share={same} look={look} />}
        note={same === null || isOriginal ? undefined : 'as original'}
      />
    </>
  );
}

interface SameAnswersProps {
  readonly share: number;
  readonly look: AccuracyCellsProps['look'];
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

/** MACs, parameters and file size, as shares of the original and as numbers. */
export function CostCells({ macs, parameters, bytes, bytesAreExact = false }: CostCellsProps) {
  const total = useStudio((state) => state.network?.summary);
  const share = (value: number, whole: number | undefined) => formatPercent(whole ? value / whole : 1);
  return (
    <>
      <Cell heading="MACs" value={share(macs, total?.macs)} note={formatCount(macs)} />
      <Cell
        heading="Parameters"
        value={share(parameters, total?.parameters)}
        note={formatCount(parameters)}
      />
      <Cell
        heading="File"
        value={`${bytesAreExact ? '' : '≈\u00a0'}${formatBytes(bytes)}`}
        note={bytesAreExact ? undefined : '4 B/parameter'}
      />
    </>
  );
}
