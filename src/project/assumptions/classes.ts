import { classOrderName } from '../../network/classOrders';
import type { ImagesSummary, NamedLabelling } from '../../../workers/protocol/summaries';
import { orderNote, orderQuestion, readingsInUse } from '../labelling';
import { formatInteger } from '../numbers';
import type { OrderNote } from '../orderNote';
import type { ProjectState } from '../state';
import type { AssumptionEntry } from './assumption';

/** Which class of the network each label means. */
export const classes: AssumptionEntry = {
  id: 'classes',
  of(state) {
    const { network, images } = state;
    const inUse =
      images && readingsInUse(images, state).find(({ fingerprint }) => fingerprint === images.fingerprint);
    if (!network || !images?.labels || !inUse) return null;
    const others = readingsInUse(images, state).filter((reading) => reading !== inUse);
    const isChosen = state.document.settings.classOrder === inUse.order;
    return {
      what: 'Order of classes',
      value: `${classOrderName(inUse.order)}${examples(images, network.summary.classes)}`,
      because: reasonOf(state, images, inUse),
      option: 'class-order',
      alternatives: [
        ...others.map(({ order }) => ({ value: order, text: classOrderName(order) })),
        ...(isChosen ? [{ value: 'auto', text: 'the one that most images are right by' }] : []),
      ],
      ...(others.length > 0 ? { choice: { setting: 'classOrder', value: inUse.order } } : {}),
    };
  },
};

const shown = 4;

/** ": 0, 1, 10, 11, … (12 classes)" */
function examples({ classNames }: ImagesSummary, count: number): string {
  const classCount = `${formatInteger(count)} classes`;
  if (!classNames) return `, ${classCount}`;
  const more = classNames.length > shown ? ', …' : '';
  return `: ${classNames.slice(0, shown).join(', ')}${more} (${classCount})`;
}

function reasonOf(state: ProjectState, images: ImagesSummary, { order, matching }: NamedLabelling): string {
  if (state.document.settings.classOrder === order) return 'it was chosen';
  const note = orderNote(images, state);
  if (note) return evidenceOf(note, order);
  if (orderQuestion(images, state)) return 'not tried yet: other orders are possible';
  if (matching.file !== null) return `${matching.file} says so`;
  if (matching.by === 'names') return 'the network carries their names';
  return 'all usual orders that fit say the same';
}

/** "12 of 12 images right; sorted as text: 2": what was seen, and whether it decides anything. */
function evidenceOf({ rows, images, decided }: OrderNote, inUse: OrderNote['rows'][number]['order']): string {
  const own = rows.find(({ order }) => order === inUse);
  const others = rows
    .filter(({ order }) => order !== inUse)
    .map(({ order, correct }) => `${classOrderName(order)}: ${formatInteger(correct)}`);
  const seen = `${formatInteger(own?.correct ?? 0)} of ${formatInteger(images)} images right; ${others.join(', ')}`;
  return decided === null ? `it could not be decided: ${seen}` : seen;
}
