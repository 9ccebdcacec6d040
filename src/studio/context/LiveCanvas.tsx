import { useDrawing, type Pen } from '../charts/drawing';
import type { StudioState } from '../store/state';
import { useLive } from './context';
import styles from './LiveCanvas.module.css';

interface LiveCanvasProps<T> {
  readonly select: (state: StudioState) => T;
  readonly draw: (pen: Pen, value: T) => void;
}

/**
 * A layer of a chart that is drawn anew with every frame of a drag, and after every render of its parent. A
 * canvas costs no style and no layout, which SVG does for every attribute.
 */
export function LiveCanvas<T>({ select, draw }: LiveCanvasProps<T>) {
  const { canvas, show } = useDrawing(draw);
  useLive(select, show);
  return <canvas ref={canvas} className={styles.canvas} aria-hidden="true" />;
}
