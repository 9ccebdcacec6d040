/**
 * The command line as plain JavaScript: a process or thread that had to transpile some hundred TypeScript files first
 * would take seconds to start. Plain JavaScript itself, because it runs before anything is built.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const builds = join(root, '.cache', 'enc');
const dayMs = 24 * 60 * 60 * 1000;

const entries = ['main', 'compute.thread', 'parse.thread'];

/** Found through files of their own, too large to be worth copying, or in CommonJS and imported late by names. */
const external = ['@jsquash/*', 'esbuild', 'h5wasm', 'jpeg-js', 'omggif', 'onnxruntime-web', 'tsx'];

/** What modules in CommonJS find around them; imports would meet the names of a source. */
const commonJs = `
const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
const __filename = process.getBuiltinModule('node:url').fileURLToPath(import.meta.url);
const __dirname = require('node:path').dirname(__filename);
`;

/**
 * Address of the folder that holds `main.mjs` and the threads' entries, built anew where a source has changed since.
 * Processes that build at the same time do no harm to one another.
 *
 * @throws Error where it cannot be built or written, as in a folder that may only be read
 */
export async function builtCommandLine() {
  const folder = join(builds, stateOfSources());
  if (!existsSync(folder)) await buildInto(folder);
  return pathToFileURL(`${folder}/`);
}

/** Names what the sources are now, by their places, sizes and times. */
function stateOfSources() {
  const hash = createHash('sha1');
  const add = (path) => {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`\n${path} ${size} ${mtimeMs}`);
  };
  const visit = (path) => {
    for (const entry of readdirSync(join(root, path), { withFileTypes: true })) {
      const inner = `${path}/${entry.name}`;
      if (entry.isDirectory()) visit(inner);
      else if (/\.(ts|tsx|mjs|json)$/.test(entry.name) && !entry.name.includes('.test.')) add(inner);
    }
  };
  add('package-lock.json');
  for (const part of ['cli', 'src', 'workers']) visit(part);
  return hash.digest('hex');
}

async function buildInto(folder) {
  const aside = join(builds, `${process.pid}-${randomUUID()}.part`);
  mkdirSync(aside, { recursive: true });
  const { build } = await import('esbuild');
  try {
    await build({
      absWorkingDir: root,
      entryPoints: Object.fromEntries(entries.map((entry) => [entry, `cli/${entry}.ts`])),
      outdir: aside,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      // Every process and thread reads all of it before it begins.
      minifyWhitespace: true,
      minifySyntax: true,
      // The packages' ES modules: what is imported later from CommonJS would lose its names.
      mainFields: ['module', 'main'],
      external,
      // Packages in CommonJS call for Node's own modules by `require`, and look beside themselves for files.
      banner: { js: commonJs },
      logLevel: 'error',
    });
    renameSync(aside, folder);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    // Another process was first.
    if (!existsSync(folder)) throw error;
  }
  dropFormer(folder);
}

/** Builds of sources that have changed since; younger ones may still be running. */
function dropFormer(current) {
  for (const name of readdirSync(builds)) {
    const path = join(builds, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
    if (path !== current && age > dayMs) rmSync(path, { recursive: true, force: true });
  }
}
