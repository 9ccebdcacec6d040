import { useId } from 'react';
import type { PlotBox } from '../../charts/LayeredPlot';
import { lookOf } from '../../model/methods';
import { placeOn, type Stretch } from './figureAxes';
import type { ForetoldLine } from './usePredictedLines';

interface PredictedPathsProps {
  readonly box: PlotBox;
  readonly across: Stretch;
  readonly up: Stretch;
  readonly lines: readonly ForetoldLine[];
}

/**
 * What is foretold, dashed, in the chart's own coordinates. As paths of their own: the library makes a component of
 * every point of a line in a scatter chart, which is most of what drawing the figure anew would cost.
 */
export function PredictedPaths({ box, across, up, lines }: PredictedPathsProps) {
  const plot = useId();
  return (
    <g>
      <clipPath id={plot}>
        <rect x={box.left} y="0" width={box.width} height={box.height} />
      </clipPath>
      <g clipPath={`url(#${plot})`}>
        {lines.map(({ method, points }) => (
          <polyline
            key={method}
            points={points
              .map(({ x, y }) => {
                const [left, top] = [placeOn(across, x) * box.width, (1 - placeOn(up, y)) * box.height];
                return `${(box.left + left).toFixed(1)},${top.toFixed(1)}`;
              })
              .join(' ')}
            fill="none"
            stroke={`var(${lookOf(method).colour})`}
            strokeWidth="1.4"
            strokeDasharray="5 4"
          />
        ))}
      </g>
    </g>
  );
}
