import { fail } from '../../src/network/failure';
import { note } from '../output';
import { shellText } from '../../src/project/report/command';
import { Gathering, openResults, type FolderState, type SharedResults } from './gathering';
import { ResultsFolder } from './resultsFolder';

/** Gaps that are listed one by one. */
const listedGaps = 20;

/** Says what a reader should know of results that are joined. */
export function sayDoubts(path: string, { damaged, backends }: FolderState): void {
  if (damaged > 0) note(`${damaged} damaged files in ${path} do not count and are done again.`);
  if (backends.length > 1)
    note(`Results come from several backends, ${backends.join(' and ')}: counts may differ by roundings.`);
}

/** @throws FailureError `invalid-request` where something is missing, with the command that does it */
export function requireComplete(
  path: string,
  { statement, merger }: SharedResults,
  { gaps, done, total }: FolderState,
): void {
  if (gaps.length === 0) return;
  for (const gap of gaps.slice(0, listedGaps)) note(`missing: ${gap}`);
  if (gaps.length > listedGaps) note(`missing: ${gaps.length - listedGaps} more`);
  const command = statement.command ?? [merger.id, 'MODEL', '--data', 'IMAGES'];
  fail(
    'invalid-request',
    `${path}: expected all results, found ${done} of ${total}; this does what is missing: enc ${shellText([...command, '--out', path])}`,
  );
}

/**
 * What all results of a folder say together, as text.
 *
 * @param kind of the work that they are to be of
 * @throws FailureError `invalid-request` where they are of other work, or some are missing
 */
export async function mergedText(path: string, kind: string): Promise<string> {
  const folder = new ResultsFolder(path);
  const results = await openResults(folder);
  const { id } = results.merger;
  if (id !== kind)
    fail(
      'invalid-request',
      `${path}: expected results of enc ${kind}, found those of enc ${id}; give their folder.`,
    );
  const state = await new Gathering(folder, results).state();
  sayDoubts(path, state);
  requireComplete(path, results, state);
  return (await state.merged()).text;
}
