import type { ClassOrderId } from '../network/classOrders';

/** What the network answers say of the order of the classes. */
export interface OrderNote {
  /** Labelled images that it ran on. */
  readonly images: number;
  /** The most right answers first. */
  readonly rows: readonly { readonly order: ClassOrderId; readonly correct: number }[];
  /** The order that is better than every other one beyond chance; null where none is. */
  readonly decided: ClassOrderId | null;
}
