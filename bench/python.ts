import { spawnSync } from 'node:child_process';

/** The first Python here that has a module: the one on the path, then the system's; null where neither has. */
export function pythonWith(module: string): string | null {
  const has = (python: string) => spawnSync(python, ['-c', `import ${module}`]).status === 0;
  return ['python3', '/usr/bin/python3'].find(has) ?? null;
}
