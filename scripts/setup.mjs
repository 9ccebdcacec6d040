/**
 * What a fresh machine needs. Plain JavaScript on Node alone, because it runs before anything is installed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a command in the project's root and shows its output; throws where it fails. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with status ${status}`);
}

/** The same beside other work: hands every line that is said to `onLine`, answers the status. */
export function runAside(command, args, options, onLine) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', onLine);
    child.on('error', reject);
    child.on('close', resolve);
  });
}

/** The same, answering the status and all that was said. */
export async function runQuietly(command, args, options = {}) {
  const lines = [];
  const status = await runAside(command, args, options, (line) => lines.push(line));
  return { status, output: lines.join('\n') };
}

/** Installs the dependencies where they are missing or older than the lock file. */
export function ensureDependencies() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  const isCurrent = existsSync(installed) && statSync(installed).mtimeMs >= lockFileTime();
  if (!isCurrent) run('npm', ['ci', '--no-audit', '--no-fund']);
}

function lockFileTime() {
  return statSync(join(root, 'package-lock.json')).mtimeMs;
}

const browserNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

function onPath(name) {
  const found = spawnSync('which', [name], { encoding: 'utf8' });
  return found.status === 0 ? found.stdout.trim() : null;
}

/** Path of an installed Chrome or Chromium, or null. `CHROMIUM` names one by hand. */
export function installedChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of browserNames) {
    const path = onPath(name);
    if (path) return path;
  }
  return applications.find((path) => existsSync(path)) ?? null;
}

/**
 * Finds a Chromium for the end-to-end tests, or installs one: Debian's package where apt is at hand, else
 * Playwright's own.
 *
 * @returns the path, or null where Playwright knows its own
 */
export function ensureChromium() {
  const installed = installedChromium();
  if (installed) return installed;
  if (isDebian() && installDebianChromium()) return installedChromium();
  run('npx', ['playwright', 'install', 'chromium']);
  return null;
}

function isDebian() {
  return existsSync('/etc/debian_version') && onPath('apt-get') !== null;
}

function installDebianChromium() {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const apt = (...args) => {
    const [command, ...rest] = [...asRoot, 'apt-get', ...args];
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    return spawnSync(command, rest, { stdio: 'inherit', env }).status === 0;
  };
  return apt('update') && apt('install', '-y', '--no-install-recommends', 'chromium');
}

/** Parsed JSON of a file in the project, or null where there is none. */
export function readJson(path) {
  const file = join(root, path);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}
