import { canonicalKey } from '../network/canonical';
import type { ImagesSummary, NamedLabelling } from '../../workers/protocol/summaries';
import type { OrderNote } from './orderNote';
import { inputPreprocessing } from './preprocessing';
import type { ProjectState } from './state';

/** Which of several orders the classes of some images are in; asked for one network and preprocessing. */
export interface OrderQuestion {
  /** Names the question, and its answer in the document. */
  readonly key: string;
  /** At least two. */
  readonly readings: readonly NamedLabelling[];
}

/** What the part of a state must have for labels to be read. */
type LabelState = Pick<ProjectState, 'network' | 'document'>;

/** The name of a set however its labels are read: the one that it was opened under. */
export function setFingerprint({ fingerprint, labelChoices }: ImagesSummary): string {
  return labelChoices?.readings[0]?.fingerprint ?? fingerprint;
}

/** The column in use of a table of labels; null where no table says the classes. */
export function columnInUse(set: ImagesSummary, { document }: LabelState): string | null {
  const { labelColumn: asked } = document.settings;
  const readings = set.labelChoices?.readings ?? [];
  const isAsked = ({ column }: NamedLabelling) =>
    asked !== null && column !== null && isColumn(column, asked);
  return (readings.find(isAsked) ?? readings[0])?.column ?? null;
}

/** Whether a person means this column, however they spell it. */
function isColumn(column: string, asked: string): boolean {
  return column.trim().toLowerCase() === asked.trim().toLowerCase();
}

/** The ways to read the column in use. */
export function readingsInUse(set: ImagesSummary, state: LabelState): readonly NamedLabelling[] {
  const column = columnInUse(set, state);
  return (set.labelChoices?.readings ?? []).filter((reading) => reading.column === column);
}

/** The question of a set's order; null where there is none: one order only, or a person has said which. */
export function orderQuestion(set: ImagesSummary | null, state: LabelState): OrderQuestion | null {
  const { network, document } = state;
  if (!set || !network) return null;
  const readings = readingsInUse(set, state);
  const { classOrder } = document.settings;
  if (readings.length < 2 || readings.some(({ order }) => order === classOrder)) return null;
  const names = readings.map(({ order, fingerprint }) => [order, fingerprint]);
  const key = canonicalKey([network.summary.fingerprint, names, inputPreprocessing(state)]);
  return { key, readings };
}

/** What is known of the order of a set's classes; null where it was not asked. */
export function orderNote(set: ImagesSummary | null, state: LabelState): OrderNote | null {
  const question = orderQuestion(set, state);
  return (question && state.document.orders[question.key]) ?? null;
}

/** The set with its labels as they are asked for, else as the network's answers decide, else as the files suggest. */
export function withLabelsInUse(set: ImagesSummary, state: LabelState): ImagesSummary {
  const readings = readingsInUse(set, state);
  const order = orderNote(set, state)?.decided ?? state.document.settings.classOrder;
  const reading = readings.find((candidate) => candidate.order === order) ?? readings[0];
  if (!reading || reading.fingerprint === set.fingerprint) return set;
  const { fingerprint, labels, classNames, matching } = reading;
  return { ...set, fingerprint, labels, classNames, matching };
}
