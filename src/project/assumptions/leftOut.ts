import type { LeftOut } from '../../network/images';
import { formatInteger } from '../numbers';
import type { AssumptionEntry } from './assumption';

/** Files that came with the images and are not among them. */
export const leftOut: AssumptionEntry = {
  id: 'left-out',
  of({ images }) {
    const files = images?.leftOut ?? [];
    if (files.length === 0) return null;
    return {
      what: 'Left out',
      value: `${formatInteger(files.length)} file${files.length === 1 ? '' : 's'}`,
      because: reasonsOf(files),
      option: null,
      alternatives: [],
    };
  },
};

/** Names that are said of the files of one reason. */
const mostNames = 3;

/** Every reason once, with the files that it holds for. */
function reasonsOf(files: readonly LeftOut[]): string {
  const byReason = new Map<string, string[]>();
  for (const { name, reason } of files) byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  const texts = [...byReason].map(([reason, names]) => {
    const more = names.length > mostNames ? ` and ${formatInteger(names.length - mostNames)} more` : '';
    return `${names.slice(0, mostNames).join(', ')}${more}: ${reason.replace(/\.$/, '')}`;
  });
  return texts.join('. ');
}
