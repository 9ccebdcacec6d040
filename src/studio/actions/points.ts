import { zipSync, strToU8 } from 'fflate';
import { PieceSet } from '../../enc/sweep/pieces';
import { outcomeOf, unwrap } from '../../network/failure';
import type { Caches } from '../../project/caches';
import type { JobRunner } from '../../project/jobRunner';
import { onlyJob } from '../../project/jobStatus';
import { resultsFolder } from '../../project/sharing/exporting';
import { readPoints, withOpenedPoints, type TextFile } from '../../project/sharing/opening';
import type { StudioStore } from '../store/store';
import { handOver } from '../browser/handOver';

interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Files that may be curves or results: small, and JSON. Larger ones are somebody else's. */
const mostBytes = 64 * 2 ** 20;

/**
 * Takes curves, or the results of a shared sweep, where files are either.
 *
 * @returns whether they are, read or refused
 */
export async function openPoints(
  store: StudioStore,
  jobs: JobRunner,
  files: readonly NamedBytes[],
): Promise<boolean> {
  const texts = files
    .filter(({ name, bytes }) => name.endsWith('.json') && bytes.length < mostBytes)
    .map(textOf);
  if (texts.length === 0) return false;
  const read = await outcomeOf(() => readPoints(texts));
  if (read.ok && read.value === null) return false;
  const title = `Opening ${texts.length === 1 ? texts[0]!.name : 'results'}`;
  await jobs.run<null>(onlyJob('points'), title, () =>
    outcomeOf(() => {
      const opened = unwrap(read)!;
      store.setState((state) => withOpenedPoints(state, opened));
      return null;
    }),
  );
  return true;
}

function textOf({ name, bytes }: NamedBytes): TextFile {
  return { name: name.slice(name.lastIndexOf('/') + 1), text: new TextDecoder().decode(bytes) };
}

/** Hands what was measured to the browser as the folder of a shared sweep, in a zip archive. */
export async function downloadPoints(store: StudioStore, jobs: JobRunner, caches: Caches): Promise<void> {
  const state = store.getState();
  const saved = async (key: string) => new PieceSet(await caches.loadPieces(key)).all;
  const outcome = await jobs.run(onlyJob('points'), 'Writing what was measured', () =>
    outcomeOf(() => resultsFolder(state, saved)),
  );
  if (!outcome.ok) return;
  const entries = outcome.value.map(({ name, text }) => [`results/${name}`, strToU8(text)] as const);
  const bytes = zipSync(Object.fromEntries(entries), { level: 6 });
  handOver(
    new Blob([bytes.slice()], { type: 'application/zip' }),
    `${state.network?.title ?? 'network'}-results.zip`,
  );
}
