import styles from './RepairPicture.module.css';
import { greatest } from '../../../linalg/extremes';

/**
 * Relative errors of each layer's output, from the first layer to the last: `npx tsx bench/layerErrors.ts` prints
 * them (the residual sample at 30 % of its MACs by ENC-Map, 500 calibration images, 200 other images measured).
 */
const errors: readonly { readonly without: number; readonly repaired: number }[] = [
  { without: 0.0, repaired: 0.0 },
  { without: 0.1088, repaired: 0.0231 },
  { without: 0.1278, repaired: 0.0295 },
  { without: 0.1826, repaired: 0.0329 },
  { without: 0.2784, repaired: 0.057 },
  { without: 0.087, repaired: 0.0159 },
  { without: 0.2089, repaired: 0.0547 },
  { without: 0.1994, repaired: 0.0586 },
  { without: 0.1523, repaired: 0.0448 },
  { without: 0.1985, repaired: 0.0529 },
  { without: 0.1522, repaired: 0.0439 },
  { without: 0.1928, repaired: 0.0523 },
  { without: 0.1334, repaired: 0.0247 },
  { without: 0.1791, repaired: 0.041 },
  { without: 0.171, repaired: 0.0414 },
  { without: 0.2057, repaired: 0.0663 },
  { without: 0.2179, repaired: 0.0669 },
  { without: 0.2602, repaired: 0.0743 },
  { without: 0.3726, repaired: 0.0839 },
  { without: 0.3929, repaired: 0.074 },
  { without: 0.5766, repaired: 0.0945 },
  { without: 0.7233, repaired: 0.0496 },
];

const width = 440;
const height = 190;
const area = { left: 48, right: 336, top: 14, bottom: 156 };
const max = Math.ceil(10 * greatest(errors.map(({ without }) => without))) / 10;

const x = (layer: number) => area.left + (layer / (errors.length - 1)) * (area.right - area.left);
const y = (error: number) => area.bottom - (error / max) * (area.bottom - area.top);
const pathOf = (values: readonly number[]) =>
  values
    .map((value, layer) => `${layer === 0 ? 'M' : 'L'}${x(layer).toFixed(1)} ${y(value).toFixed(1)}`)
    .join('');
const percent = (share: number) => `${Math.round(100 * share)} %`;

/** How errors add up from layer to layer, with and without repair. */
export function RepairPicture() {
  const last = errors.at(-1)!;
  return (
    <figure className={styles.figure}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`Error of each layer’s output. Without repair it ends at ${percent(last.without)} in the last layer, with repair at ${percent(last.repaired)}.`}
      >
        {[0, max / 2, max].map((error) => (
          <g key={error}>
            <line className={styles.grid} x1={area.left} x2={area.right} y1={y(error)} y2={y(error)} />
            <text className={styles.tick} x={area.left - 8} y={y(error) + 4} textAnchor="end">
              {percent(error)}
            </text>
          </g>
        ))}
        <Line kind="without" values={errors.map(({ without }) => without)} label="cut" />
        <Line kind="repaired" values={errors.map(({ repaired }) => repaired)} label="repaired" />
        <text className={styles.tick} x={area.left} y={height - 14}>
          first layer
        </text>
        <text className={styles.tick} x={area.right} y={height - 14} textAnchor="end">
          last layer
        </text>
      </svg>
      <figcaption>
        Measured on the residual sample, cut to 30 % of its MACs by ENC-Map: squared error of every layer’s
        output as a share of its variance. Repair saw 500 unlabelled images; the errors are of 200 others.
      </figcaption>
    </figure>
  );
}

interface LineProps {
  readonly kind: 'without' | 'repaired';
  readonly values: readonly number[];
  readonly label: string;
}

function Line({ kind, values, label }: LineProps) {
  const end = values.at(-1)!;
  return (
    <g className={styles[kind]}>
      <path d={pathOf(values)} />
      {values.map((value, layer) => (
        <circle key={layer} cx={x(layer)} cy={y(value)} r="2.6" />
      ))}
      <text y={y(end)}>
        <tspan x={area.right + 12} dy="-3">
          {label}
        </tspan>
        <tspan x={area.right + 12} dy="17">{`${percent(end)} error`}</tspan>
      </text>
    </g>
  );
}
