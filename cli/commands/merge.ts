import { fail } from '../../src/network/failure';
import { note, percent, printAnswer } from '../output';
import { requireComplete, sayDoubts } from '../sharing/complete';
import { Gathering, openResults, type FolderState } from '../sharing/gathering';
import { ResultsFolder } from '../sharing/resultsFolder';
import { requireWritable, writeWhole } from '../writing';

export interface MergeOptions {
  readonly json: boolean;
  /** Where to write what the results say together; null only prints it. */
  readonly out: string | null;
  /** Where to draw it. */
  readonly svg: string | null;
  /** Wait until nothing is missing, and show how far the work is. */
  readonly watch: boolean;
}

/** How often a folder is looked at. */
const lookMilliseconds = 2000;

/** Joins the results of shared work, or says what is missing. */
export async function merge(path: string, options: MergeOptions): Promise<void> {
  for (const out of [options.out, options.svg]) if (out !== null) await requireWritable(out);
  const folder = new ResultsFolder(path);
  const results = await openResults(folder);
  const gathering = new Gathering(folder, results);
  const state = options.watch ? await watched(gathering) : await gathering.state();
  sayDoubts(path, state);
  requireComplete(path, results, state);
  const merged = await state.merged();
  if (options.out !== null) await writeWhole(options.out, merged.text);
  if (options.svg !== null)
    await writeWhole(
      options.svg,
      merged.svg?.() ??
        fail(
          'invalid-request',
          `--svg: expected results of a figure, found those of a ${results.merger.id}, which has no picture; leave --svg out.`,
        ),
    );
  printAnswer(options.json, merged.printed, () => merged.table());
}

/** Looks again and again until nothing is missing. */
async function watched(gathering: Gathering): Promise<FolderState> {
  const started = performance.now();
  let first: number | null = null;
  for (;;) {
    const state = await gathering.state();
    first ??= state.done;
    sayProgress(state, state.done - first, performance.now() - started);
    if (state.gaps.length === 0) return state;
    await new Promise((resolve) => setTimeout(resolve, lookMilliseconds));
  }
}

let lastSaid = '';

/** @param fresh units that were done while this process looked on, in so many milliseconds */
function sayProgress({ done, total, mayGrow }: FolderState, fresh: number, milliseconds: number): void {
  const left = fresh > 0 ? `, about ${timeText(((total - done) * milliseconds) / fresh)} left` : '';
  const text = `${done} of ${mayGrow ? 'at least ' : ''}${total} units, ${percent(done / Math.max(1, total))}${left}`;
  if (text === lastSaid) return;
  lastSaid = text;
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}${done === total ? '\n' : ''}`);
  else note(text);
}

function timeText(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
