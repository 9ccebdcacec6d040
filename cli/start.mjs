/**
 * Runs an entry of the command line, `main` or a thread's: as it was built, or from the TypeScript sources where
 * modules of other people's are loaded beside it, which have to meet the same registries, or where nothing can be
 * written.
 *
 * @param {'main' | 'compute.thread' | 'parse.thread'} entry
 * @param {boolean} isExtended whether such modules are loaded
 */
export async function start(entry, isExtended) {
  const folder = isExtended ? null : await built();
  if (folder) {
    await import(new URL(`${entry}.mjs`, folder).href);
    return;
  }
  const { register } = await import('tsx/esm/api');
  register();
  await import(`./${entry}.ts`);
}

async function built() {
  try {
    const { builtCommandLine } = await import('./built.mjs');
    return await builtCommandLine();
  } catch {
    return null;
  }
}
