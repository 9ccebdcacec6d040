import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';
import { isMainThread } from 'node:worker_threads';

/*
 * Ends the process as `kill -9` does, in the midst of writing: KILL_AT is a part of the file's name, KILL_MOMENT the
 * step (half of it written, or all of it and not yet renamed). KILL_SIGNAL asks it to end instead, and waits for that.
 */
const { KILL_AT: file = '', KILL_MOMENT: moment = 'half', KILL_SIGNAL: signal = 'SIGKILL' } = process.env;
const { writeFile, rename } = fs.promises;
const isIt = (path: unknown) => basename(String(path)).includes(file);

/** Nothing goes on after it. */
function end(): Promise<never> {
  process.kill(process.pid, signal);
  return new Promise(() => setInterval(() => undefined, 1000));
}

if (isMainThread) {
  fs.promises.writeFile = async (path, content, ...rest) => {
    const { length } = content as string | Uint8Array;
    if (moment !== 'half' || !isIt(path) || length === 0) return writeFile(path, content, ...rest);
    await writeFile(path, (content as string | Uint8Array).slice(0, length >> 1));
    await end();
  };
  fs.promises.rename = async (from, to) => {
    if (moment === 'renaming' && isIt(to)) await end();
    else await rename(from, to);
  };
  syncBuiltinESMExports();
}
