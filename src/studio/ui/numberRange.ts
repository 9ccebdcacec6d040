/** The numbers that a field takes. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  /** Whether it takes whole numbers only. */
  readonly isWhole?: boolean;
  /** What the number is of, behind its limits: "%". */
  readonly unit?: string;
}

/** The number that was typed, where it is one that the field takes; null where it is not. */
export function parseTyped(text: string, { min, max, isWhole = false }: NumberRange): number | null {
  const value = text.trim() === '' ? NaN : Number(text);
  return value >= min && value <= max && (!isWhole || Number.isInteger(value)) ? value : null;
}

/** Why what was typed is not taken, and what holds instead. */
export function refusedText(
  text: string,
  { min, max, isWhole = false, unit }: NumberRange,
  kept: string,
): string {
  const of = unit === undefined ? '' : `\u00a0${unit}`;
  const found = text.trim() === '' ? 'nothing' : text.trim();
  return `Expected ${isWhole ? 'a whole number' : 'a number'} from ${min} to ${max}${of}, found ${found}; ${kept} stays.`;
}
