import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The working tree. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** A tree of files that can run its benchmarks. */
export interface Side {
  readonly name: string;
  readonly folder: string;
}

/** Checks another commit out beside this one; its dependencies are those of its own lock file. */
export function checkOut(revision: string): Side {
  const commit = execFileSync('git', ['rev-parse', '--short', revision], {
    cwd: root,
    encoding: 'utf8',
  }).trim();
  // Beside the working tree, where the reference collection is found as it is from there.
  const folder = join(root, '..', `.bench-${commit}`);
  if (!existsSync(folder)) {
    execFileSync('git', ['worktree', 'add', '--detach', folder, commit], { cwd: root });
    const isSame = lockOf(folder) === lockOf(root);
    if (isSame) symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    else execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' });
  }
  return { name: commit, folder };
}

const lockOf = (folder: string) => readFileSync(join(folder, 'package-lock.json'), 'utf8');
