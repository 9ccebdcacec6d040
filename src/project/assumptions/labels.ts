import type { LabelColumn } from '../../network/labelling';
import type { ImagesSummary } from '../../../workers/protocol/summaries';
import { columnInUse } from '../labelling';
import type { ProjectState } from '../state';
import type { AssumptionEntry } from './assumption';

/** Where each image's class stands: in which column of a table, in folders, in the files themselves. */
export const labels: AssumptionEntry = {
  id: 'labels',
  of(state) {
    const { images } = state;
    if (!images) return null;
    const choices = images.labelChoices;
    const table = choices?.table;
    const notes = choices?.notes ?? [];
    if (!table)
      return {
        what: 'Labels',
        value: sourceOf(images),
        because: [images.labels ? 'no table names the images' : 'nothing says their classes', ...notes].join(
          '; ',
        ),
        option: null,
        alternatives: [],
      };
    const column = columnInUse(images, state)!;
    const isChosen = state.document.settings.labelColumn !== null;
    const others = table.columns.filter(({ name, problem }) => name !== column && problem === null);
    return {
      what: 'Label column',
      value: `${column}, of ${table.file}`,
      because: [reasonOf(state, table.columns, column), ...notes].join('; '),
      option: 'label-column',
      alternatives: [
        ...others.map(({ name, reason }) => ({ value: name, text: `${name}: ${reason}` })),
        ...(isChosen ? [{ value: 'auto', text: 'the likeliest' }] : []),
      ],
      ...(others.length > 0 ? { choice: { setting: 'labelColumn', value: column } } : {}),
    };
  },
};

function sourceOf({ labels: known, isFitted }: ImagesSummary): string {
  if (!known) return 'none';
  return isFitted ? 'the names of the folders' : 'as the files hold them';
}

function reasonOf({ document }: ProjectState, columns: readonly LabelColumn[], column: string): string {
  if (document.settings.labelColumn !== null) return 'it was chosen';
  return columns.find(({ name }) => name === column)?.reason ?? '';
}
