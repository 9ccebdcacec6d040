import type { KeyboardEvent } from 'react';
import type { PlannedMethod } from '../../../project/plans';
import { targetRange } from '../../../project/settings';
import type { StudioState } from '../../store/state';

/** A share in percent, to a decimal. */
export const inPercent = (share: number) => Number((share * 100).toFixed(1));

/** The selected method's plan. */
export const plannedOf = (state: StudioState): PlannedMethod | undefined =>
  state.completed?.plans[state.document.settings.method];

/** Where a share lies along a slider's travel, 0 to 1. */
export function positionOf(share: number): number {
  const position = (share - targetRange.min) / (targetRange.max - targetRange.min);
  return Math.min(1, Math.max(0, position));
}

/** Browsers differ in how far the page keys move a slider. */
export function movedByPage(event: KeyboardEvent, share: number, onShare: (share: number) => void): void {
  if (event.key !== 'PageUp' && event.key !== 'PageDown') return;
  event.preventDefault();
  // In whole thousandths: sums of 0.05 drift, and files show it.
  const moved = share + (event.key === 'PageUp' ? targetRange.page : -targetRange.page);
  onShare(Math.round(moved * 1000) / 1000);
}
