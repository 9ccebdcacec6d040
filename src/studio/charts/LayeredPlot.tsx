import { useEffect, useRef, type ReactNode } from 'react';
import styles from './LayeredPlot.module.css';

/** Where a plot lies in the figure that it is part of, in pixels: its own size, and the room of the axes around it. */
export interface PlotBox {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
}

interface LayeredPlotProps {
  /** Called once the plot has a size, and whenever that changes; the same function every time. */
  readonly onBox: (box: PlotBox) => void;
  /** What rests, axes included; it fills plot and gutters, so that its plot has to lie where the box says. */
  readonly chart: ReactNode;
  /** What moves: placed by shares of the plot, over the chart. */
  readonly children: ReactNode;
}

/** A plot in a `FigureFrame`: a chart that rests, and thin layers over it in the same coordinates. */
export function LayeredPlot({ onBox, chart, children }: LayeredPlotProps) {
  const plot = useRef<HTMLDivElement>(null);
  const around = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const [inner, outer] = [plot.current, around.current];
    if (!inner || !outer) return undefined;
    const sizes = new ResizeObserver(() => onBox(boxOf(inner, outer)));
    sizes.observe(inner);
    sizes.observe(outer);
    return () => sizes.disconnect();
  }, [onBox]);
  return (
    <div ref={plot} className={styles.plot}>
      <div ref={around} className={styles.around}>
        {chart}
      </div>
      {children}
    </div>
  );
}

function boxOf(plot: HTMLElement, around: HTMLElement): PlotBox {
  const { clientWidth: width, clientHeight: height } = plot;
  const left = -around.offsetLeft;
  return {
    ...{ width, height, left },
    right: around.offsetWidth - left - width,
    bottom: around.offsetHeight - height,
  };
}
