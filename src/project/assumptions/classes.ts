import { formatInteger } from '../numbers';
import type { ImagesSummary } from '../../../workers/protocol/summaries';
import type { AssumptionEntry } from './assumption';

/** Which class of the network each label means. */
export const classes: AssumptionEntry = {
  id: 'classes',
  of({ network, images }) {
    if (!network || !images) return null;
    const count = formatInteger(network.summary.classes);
    if (!images.labels)
      return {
        what: 'Classes',
        value: `${count}, the images carry no labels`,
        because: 'no folders of several names, and no table, say which class an image has',
        option: null,
        alternatives: [],
      };
    return {
      what: 'Classes',
      value: `${count}, ${orderText(images)}`,
      because: reasonOf(images),
      option: null,
      alternatives: [],
    };
  },
};

function orderText({ matching }: ImagesSummary): string {
  return { order: 'in order', names: 'by name', mapping: 'by index' }[matching?.by ?? 'order'];
}

function reasonOf({ matching }: ImagesSummary): string {
  if (matching?.file) return `${matching.file} says so`;
  return matching?.by === 'names' ? 'the network carries their names' : 'nothing names them';
}
