import type { Recipe } from '../../compression/recipe';

/** What repair made of a plan, as the page remembers it. */
export interface RepairNote {
  /** The repaired network. */
  readonly recipe: Recipe;
  /** Whether the repaired network is closer to the original than the truncated one. */
  readonly isRepaired: boolean;
  /** Mean divergence from the original on calibration images, in nats. */
  readonly divergence: { readonly truncated: number; readonly repaired: number };
  readonly calibrationImages: number;
}
