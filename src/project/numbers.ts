/** Joins a number and its unit so that they never part at a line's end. */
const space = '\u00a0';

const prefixes = [
  { factor: 1e12, sign: 'T' },
  { factor: 1e9, sign: 'G' },
  { factor: 1e6, sign: 'M' },
  { factor: 1e3, sign: 'k' },
] as const;

/** "126.5 M", "855.8 k", "640": four significant digits where a prefix is used. */
export function formatCount(count: number): string {
  // Chosen after rounding, so that 999,960 reads "1.000 M" and never "1000 k".
  const prefix = prefixes.find(({ factor }) => count >= factor * 0.99995);
  if (!prefix) return String(Math.round(count));
  return `${significant(count / prefix.factor)}${space}${prefix.sign}`;
}

function significant(value: number): string {
  if (value >= 99.995) return value.toFixed(1);
  return value >= 9.9995 ? value.toFixed(2) : value.toFixed(3);
}

/** "3.42 MB", in powers of ten. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)}${space}${units[unit]}`;
}

/** "49.9 %" with one decimal, or as many as asked for. */
export function formatPercent(share: number, decimals = 1): string {
  return `${(share * 100).toFixed(decimals)}${space}%`;
}

/** "50 %" or "49.5 %": a decimal only where there is one. */
export function formatTarget(share: number): string {
  const percent = Math.round(share * 1000) / 10;
  return `${percent}${space}%`;
}

/** "1,000" */
export function formatInteger(value: number): string {
  return value.toLocaleString('en-US');
}

/** "±1.7": half the width of an interval of shares, in points. */
export function formatHalfWidth(interval: { readonly low: number; readonly high: number }): string {
  return `±${((interval.high - interval.low) * 50).toFixed(1)}`;
}

/** Three significant digits for a share that may be tiny: "0.712", "2.1e-4". */
export function formatQuality(quality: number): string {
  if (quality === 0 || quality >= 0.001) return quality.toFixed(3);
  return quality.toExponential(1);
}

/** "3.1e-7", or "0". */
export function formatDifference(difference: number): string {
  return difference === 0 ? '0' : difference.toExponential(1);
}

/** "12 s left", "3 min left" */
export function formatSecondsLeft(seconds: number): string {
  return `${formatDuration(seconds)} left`;
}

/** "12 s", "3 min", "7.5 h" */
export function formatDuration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))}${space}s`;
  if (seconds < 3 * 3600) return `${Math.round(seconds / 60)}${space}min`;
  return `${Number((seconds / 3600).toFixed(1))}${space}h`;
}

/** A node's name without the path marks and the operator that exporters wrap around it. */
export function shortLayerName(name: string): string {
  const parts = name.split('/').filter((part) => part !== '');
  const last = parts.at(-1);
  if (parts.length > 1 && last && /^(Conv|Gemm|MatMul)(_\d+)?$/.test(last)) parts.pop();
  return parts.join('/') || name;
}
