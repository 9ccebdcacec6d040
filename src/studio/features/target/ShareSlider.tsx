import type { CSSProperties, Ref } from 'react';
import { targetRange } from '../../../project/settings';
import { inPercent, movedByPage, positionOf } from './shares';
import styles from './ShareSlider.module.css';

interface ShareSliderProps {
  readonly label: string;
  readonly share: number;
  readonly onShare: (share: number) => void;
  /** Says how wide it is, and how large by `--thumb`, `--track` and `--ring`. */
  readonly className: string | undefined;
  /** For what is said of it in every frame of a drag, past React. */
  readonly ref: Ref<HTMLInputElement>;
}

/** A share of a cost, dragged or moved by keys. */
export function ShareSlider({ label, share, onShare, className, ref }: ShareSliderProps) {
  return (
    <input
      ref={ref}
      className={`${styles.slider} ${className ?? ''}`}
      type="range"
      aria-label={label}
      min={inPercent(targetRange.min)}
      max={inPercent(targetRange.max)}
      step={inPercent(targetRange.step)}
      value={inPercent(share)}
      style={{ '--fill': positionOf(share) } as CSSProperties}
      onChange={(event) => onShare(Number(event.currentTarget.value) / 100)}
      onKeyDown={(event) => movedByPage(event, share, onShare)}
    />
  );
}
