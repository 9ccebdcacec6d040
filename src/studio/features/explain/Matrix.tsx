import { PixelCanvas } from '../../ui/PixelCanvas';
import styles from './Explanation.module.css';

interface MatrixProps {
  readonly title: string;
  /** How much of it is drawn. */
  readonly note: string;
  readonly rows: number;
  readonly columns: number;
  /** Size of a number's square in CSS pixels. */
  readonly scale: number;
  readonly at: (row: number, column: number) => number;
}

/** Okabe and Ito's blue and orange: told apart by everybody, and on light and dark grounds. */
const above = [0, 114, 178] as const;
const below = [213, 94, 0] as const;

/** A table of numbers as squares, as strong as they are far from zero. */
export function Matrix({ title, note, rows, columns, scale, at }: MatrixProps) {
  const pixels = pixelsOf(rows, columns, at);
  return (
    <figure className={styles.matrix}>
      <div
        role="img"
        aria-label={`${title}: ${note}`}
        style={{ width: columns * scale, height: rows * scale }}
      >
        <PixelCanvas pixels={pixels} width={columns} height={rows} />
      </div>
      <figcaption>
        <b>{title}</b> <span>{note}</span>
      </figcaption>
    </figure>
  );
}

function pixelsOf(rows: number, columns: number, at: MatrixProps['at']): Uint8ClampedArray<ArrayBuffer> {
  const values = Array.from({ length: rows * columns }, (_, index) =>
    at(Math.floor(index / columns), index % columns),
  );
  const most = values.reduce((found, value) => Math.max(found, Math.abs(value)), 0) || 1;
  const pixels = new Uint8ClampedArray(4 * values.length);
  values.forEach((value, index) => {
    pixels.set(value < 0 ? below : above, 4 * index);
    // By the root, so that the many small numbers can be seen beside the few great ones.
    pixels[4 * index + 3] = 255 * Math.sqrt(Math.abs(value) / most);
  });
  return pixels;
}
