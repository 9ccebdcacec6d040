import { useLayoutEffect, useRef } from 'react';
import { formatPercent } from '../../../project/numbers';
import styles from './AccuracyPlot.module.css';
import { wholeStretch, type Stretch } from './figureAxes';

interface BrushGripProps {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly across: Stretch;
}

/**
 * An end of the brush. The library makes it a slider that the arrow keys move, with pixels for its value and one name
 * for both ends: here each gets a name, and its value in percent.
 */
export function BrushGrip({ x, y, width, height, across }: BrushGripProps) {
  const own = useRef<SVGGElement>(null);
  useLayoutEffect(() => {
    const slider = own.current?.closest('[role="slider"]');
    if (!slider) return;
    const isFirst = slider.parentElement?.querySelector('[role="slider"]') === slider;
    const share = isFirst ? across.low : across.high;
    const percent = (value: number) => String(Math.round(value * 100));
    slider.setAttribute('aria-label', `Shown ${isFirst ? 'from' : 'to'}, share of MACs`);
    slider.setAttribute('aria-valuemin', percent(wholeStretch.low));
    slider.setAttribute('aria-valuemax', percent(wholeStretch.high));
    slider.setAttribute('aria-valuenow', percent(share));
    slider.setAttribute('aria-valuetext', formatPercent(share, 0));
  });
  const middle = y + height / 2;
  return (
    <g ref={own} className={styles.grip}>
      <rect {...{ x, y, width, height }} rx="3" />
      <path d={`M${x + width / 2 - 1.5} ${middle - 4}v8m3 -8v8`} />
    </g>
  );
}
