import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { contentDigest } from '../src/network/contentDigest';
import type { LayerFactors } from '../src/network/factors';
import { forgetful, type Caches } from '../src/project/caches';
import { makeFolder, writeWhole } from './writing';

/** Length of the digest in front of what a file holds; names are as long. */
const digestLength = 32;
/** Work that takes about a millisecond, as long as it takes to find a file: many processes may share a sweep. */
const worthKeeping = 2e6;
/** Bytes that the factors of a person's networks may take. */
const personalLimit = 2 * 2 ** 30;

/**
 * Factors in a folder, a file each, by their key. A damaged file is as good as none.
 *
 * @param limit bytes beyond which what was used least recently is deleted
 */
export function factorFiles(folder: string, limit = Infinity): Pick<Caches, 'loadFactors' | 'saveFactors'> {
  return {
    async loadFactors(key) {
      const path = join(folder, key);
      const file = await readFile(path).catch(() => null);
      if (file === null) return null;
      const now = new Date();
      await utimes(path, now, now).catch(() => undefined);
      const content = Uint8Array.from(file.subarray(digestLength));
      const digest = file.subarray(0, digestLength).toString('latin1');
      return contentDigest(content) === digest ? (deserialize(content) as LayerFactors) : null;
    },
    async saveFactors(key, factors) {
      await makeFolder(folder);
      const content = serialize(factors);
      await writeWhole(
        join(folder, key),
        Buffer.concat([Buffer.from(contentDigest(content), 'latin1'), content]),
      );
      if (limit < Infinity) await makeRoom(folder, limit);
      return true;
    },
  };
}

/** Deletes what was used least recently until the rest fits. */
async function makeRoom(folder: string, limit: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) =>
    new RegExp(`^[0-9a-f]{${digestLength}}$`).test(name),
  );
  const files = await Promise.all(
    names.map(async (name) => {
      // Another process may make room at the same time.
      const found = await stat(join(folder, name)).catch(() => null);
      return { name, bytes: found?.size ?? 0, used: found?.mtimeMs ?? 0 };
    }),
  );
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  for (const file of files.sort((a, b) => a.used - b.used)) {
    if (bytes <= limit) return;
    await rm(join(folder, file.name), { force: true });
    bytes -= file.bytes;
  }
}

/** What outlives a command: factors, in the folder that `ENC_CACHE` names, or in a person's cache; `off` keeps none. */
export function personalCaches(): Caches {
  const said = process.env['ENC_CACHE'];
  if (said === 'off') return forgetful;
  const base = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const { loadFactors, saveFactors } = factorFiles(
    said || join(base, 'enc-studio', 'factors'),
    personalLimit,
  );
  return {
    ...forgetful,
    leastWork: worthKeeping,
    loadFactors,
    // Where nothing can be written the command does without.
    saveFactors: (key, factors) => saveFactors(key, factors).catch(() => false),
  };
}
