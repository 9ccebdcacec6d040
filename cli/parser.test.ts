import { readFileSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { referencePath } from '../scripts/reference';
import { FailureError, fail } from '../src/network/failure';
import { smallResidualNetwork } from '../src/network/testing/builders';
import { writeNetwork } from '../src/formats/models';
import { Parsing } from '../workers/pool/parsing';
import { openParser } from './parser';

const misreading = new URL('./toys/misreading.ts', import.meta.url).href;
const MiB = 2 ** 20;
const small = { any: 200 * MiB, perByte: 8, heap: 100 };
const misread = (deed: string) => ({ name: 'a.misread', bytes: new TextEncoder().encode(deed) });
const { signal: never } = new AbortController();

const endOf = (worker: Worker) => new Promise<void>((resolve) => worker.once('exit', () => resolve()));

/** Reads a file in threads and answers the failure, after they have ended. */
async function failureIn(deed: string): Promise<{ code: string; message: string }> {
  const ends: Promise<void>[] = [];
  const open = () => {
    const parser = openParser([misreading], small);
    ends.push(endOf(parser.worker));
    return parser;
  };
  const files = [misread(deed)];
  const outcome = await new Parsing(open).run(never, files, (service) => service.readNetwork(files, {}));
  await Promise.all(ends);
  return outcome.ok ? fail('invalid-request', 'read without a failure') : outcome.failure;
}

const died =
  'a.misread: expected to be read, found that 2 readers stopped over it, most likely for lack of memory; it may be damaged or too large, so copy it again or open a part of it.';

it.each([
  [
    'grow bytes',
    'a.misread: expected to be read in 209,715,280 bytes of memory at this size, found more and stopped reading; the file may be damaged, or open a part of it.',
  ],
  ['grow objects', died],
  ['end', died],
])('ends a thread whose file would %s, and fails the file alone', async (deed, message) => {
  expect(await failureIn(deed)).toEqual({ code: 'unreadable-file', message });
});

it.each(['loop', 'hdf5'])('ends a thread that a file keeps for ever: %s', async (kind) => {
  const path = referencePath('cases/h5-hang/hang.h5');
  if (kind === 'hdf5' && path === null) {
    console.warn('skipped: the file that the HDF5 library never ends with is not there');
    return;
  }
  const file = kind === 'loop' ? misread('loop') : { name: 'a.h5', bytes: readFileSync(path!) };
  const parser = openParser(kind === 'loop' ? [misreading] : []);
  const ended = endOf(parser.worker);
  const reading = parser.service.readNetwork([file], {});
  // Long after it has started.
  await expect.poll(() => parser.worker.performance.eventLoopUtilization().active).toBeGreaterThan(1500);
  parser.close(new FailureError('unreadable-file', 'It took too long.'));
  await expect(reading).rejects.toThrow('It took too long.');
  await ended;
});

it('reads the next file as if nothing had been', async () => {
  const ends: Promise<void>[] = [];
  const parsing = new Parsing(() => {
    const parser = openParser([misreading], small);
    ends.push(endOf(parser.worker));
    return parser;
  }, true);
  parsing.prepare();
  const read = (files: readonly { name: string; bytes: Uint8Array }[]) =>
    parsing.run(never, files, (service) => service.readNetwork(files, {}));
  expect(await read([misread('end')])).toMatchObject({ ok: false });
  const whole = await read(await writeNetwork(smallResidualNetwork(), 'onnx'));
  expect(whole.ok && whole.value.nodes.length).toBe(smallResidualNetwork().nodes.length);
  expect(ends.length).toBe(3);
  parsing.close();
  await Promise.all(ends);
});
