import { classOrderName } from '../../../network/classOrders';
import type { ImagesSummary } from '../../../../workers/protocol/summaries';

/**
 * How the classes of images were matched with the network's: "classes by name"; which order it was, where there are
 * others. Null without labels.
 */
export function matchingText({
  labels,
  matching,
  labelChoices,
  fingerprint,
}: Pick<ImagesSummary, 'fingerprint' | 'labels' | 'matching' | 'labelChoices'>): string | null {
  if (!labels || !matching) return null;
  const { by, file } = matching;
  if (by === 'mapping') return `classes by mapping ${file ?? 'file'}`;
  const readings = labelChoices?.readings ?? [];
  const inUse = readings.find((reading) => reading.fingerprint === fingerprint);
  const isOnly = readings.filter(({ column }) => column === inUse?.column).length < 2;
  if (by === 'order' && inUse && !isOnly) return `classes: ${classOrderName(inUse.order)}`;
  if (by === 'order') return 'classes by order';
  return file === null ? 'classes by name' : `classes by name in ${file}`;
}
