import { useState } from 'react';

/**
 * The same object as long as nothing in it changes: what a chart draws from it is then not drawn anew.
 *
 * @param value plain data, as JSON can hold it
 */
export function useSteady<T>(value: T): T {
  const [kept, keep] = useState(value);
  if (kept === value || JSON.stringify(kept) === JSON.stringify(value)) return kept;
  keep(value);
  return value;
}
