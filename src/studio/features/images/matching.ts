import type { ImagesSummary } from '../../../../workers/protocol/summaries';

/** How the classes of images were matched with the network's: "classes by name"; null without labels. */
export function matchingText({
  labels,
  matching,
}: Pick<ImagesSummary, 'labels' | 'matching'>): string | null {
  if (!labels || !matching) return null;
  const { by, file } = matching;
  if (by === 'mapping') return `classes by mapping ${file ?? 'file'}`;
  if (by === 'order') return 'classes by order';
  return file === null ? 'classes by name' : `classes by name in ${file}`;
}
