import { fail } from '../src/network/failure';
import { assumptionOf } from '../src/project/assumptions';
import { readingsInUse, columnInUse } from '../src/project/labelling';
import type { ProjectState } from '../src/project/state';
import type { ImagesSummary } from '../workers/protocol/summaries';
import { assumptionText } from './assumptions';
import { note } from './output';

/**
 * Requires that labels can be read as the options ask.
 *
 * @throws FailureError `invalid-request` that says which columns or orders there are
 */
export function requireLabelChoices(set: ImagesSummary, state: ProjectState): void {
  const { labelColumn, classOrder } = state.document.settings;
  const { table, readings = [] } = set.labelChoices ?? {};
  const column = columnInUse(set, state);
  if (labelColumn !== null && column?.toLowerCase() !== labelColumn.trim().toLowerCase()) {
    const columns = [...new Set(readings.map((reading) => reading.column))];
    const asked = table?.columns.find(({ name }) => name.toLowerCase() === labelColumn.trim().toLowerCase());
    if (asked?.problem) fail('images-do-not-fit', `--label-column ${labelColumn}: ${asked.problem}`);
    const expected = table
      ? `a column of ${table.file} that could hold the class (${columns.join(', ')})`
      : 'a table beside the images that says their classes';
    fail(
      'invalid-request',
      `--label-column: expected ${expected}, found ${table ? `"${labelColumn}"` : 'none'}; choose another or leave the option out.`,
    );
  }
  if (classOrder === 'auto') return;
  const orders = readingsInUse(set, state).map(({ order }) => order);
  if (!orders.includes(classOrder))
    fail(
      'invalid-request',
      `--class-order: expected an order that fits these labels (${orders.join(', ') || 'they carry none'}), found "${classOrder}"; choose one of these.`,
    );
}

/** Says how labels are read where they could be read otherwise, or where something about them is odd. */
export function noteLabels(set: ImagesSummary, state: ProjectState): void {
  if (!set.labelChoices) return;
  const { readings, notes } = set.labelChoices;
  if (readings.length < 2 && notes.length === 0) return;
  for (const id of ['labels', 'classes']) {
    const assumption = assumptionOf(id, { ...state, images: set });
    if (assumption) note(`${set.name}: ${assumptionText(assumption)}`);
  }
}
