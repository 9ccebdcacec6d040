import type { Budget } from '../enc/costs';
import type { RankLimits } from '../enc/rankLimits';

/*
 * Settings of several numbers as the address and options say them.
 */

/** A budget as `parameters=0.18`. */
export function budgetText({ cost, share }: Budget): string {
  return `${cost}=${Number(share.toFixed(4))}`;
}

/** A rank as `24`, bounds as `8..32`, `8..` or `..32`; behind them what ranks are multiples of, as `8..32*4` or `..*4`. */
export function limitsText({ least, most, multiple }: RankLimits): string {
  const bounds = least !== undefined && least === most ? String(least) : `${least ?? ''}..${most ?? ''}`;
  return multiple === undefined ? bounds : `${bounds}*${multiple}`;
}

/** What {@link limitsText} wrote, to be judged by the setting's schema; undefined where it says nothing. */
export function limitsFrom(text: string): unknown {
  const found =
    /^(?:(?<rank>\d{1,9})|(?<least>\d{1,9})?\.\.(?<most>\d{1,9})?)(?:\*(?<multiple>\d{1,9}))?$/.exec(text);
  if (!found) return undefined;
  const { rank, least = rank, most = rank, multiple } = found.groups!;
  return {
    ...(least === undefined ? {} : { least: Number(least) }),
    ...(most === undefined ? {} : { most: Number(most) }),
    ...(multiple === undefined ? {} : { multiple: Number(multiple) }),
  };
}

/** What ranks may be: "multiples of 8", and of 1 "any rank". */
export function multipleText(multiple: number): string {
  return multiple === 1 ? 'any rank' : `multiples of ${multiple}`;
}

/** What {@link budgetText} wrote, likewise. */
export function budgetFrom(text: string): unknown {
  const [, cost, typed] = /^([^=]+)=(\d*\.?\d+)$/.exec(text) ?? [];
  return cost === undefined ? undefined : { cost, share: Number(typed) };
}

/** How many images of a set serve for repair and for choosing ranks; what is left is for the report. */
export interface SplitSizes {
  readonly calibration: number;
  readonly selection: number;
  /** Most images that accuracy is reported on, where not all that are left: fewer take less time and tell less. */
  readonly report?: number;
}

/** "auto" for the default sizes. */
export function splitText(split: SplitSizes | null): string {
  if (!split) return 'auto';
  const { calibration, selection, report } = split;
  return [calibration, selection, ...(report === undefined ? [] : [report])].join();
}

/** Sizes as `calibration,selection` or `calibration,selection,report`. */
export function splitFrom(text: string): unknown {
  const [, calibration, selection, report] = /^(\d{1,9}),(\d{1,9})(?:,(\d{1,9}))?$/.exec(text) ?? [];
  if (calibration === undefined || selection === undefined) return undefined;
  const sizes = { calibration: Number(calibration), selection: Number(selection) };
  return report === undefined ? sizes : { ...sizes, report: Number(report) };
}
