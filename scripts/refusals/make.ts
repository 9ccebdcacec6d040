/** `npm run refusals`: runs the unit tests, notes what they are refused, and writes the list that the help shows. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { committedList, listOf, listPath, root } from './list';
import type { Provoked } from './record';
import { refusalSites } from './scan';

const folder = join(root, '.cache/refusals');
rmSync(folder, { recursive: true, force: true });
const env = { ...process.env, REFUSALS: folder };
// The test of the list itself fails until the list is written.
const args = ['vitest', 'run', '--exclude', 'scripts/refusals/**', ...process.argv.slice(2)];
spawnSync('npx', args, { cwd: root, env, stdio: 'inherit' });

const files = existsSync(folder) ? readdirSync(folder) : [];
const lines = files.flatMap((file) => readFileSync(join(folder, file), 'utf8').trim().split('\n'));
const provoked = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Provoked);
const former = existsSync(listPath) ? committedList() : [];
const list = listOf(refusalSites(root), provoked, former);
writeFileSync(listPath, `${JSON.stringify(list, null, 2)}\n`);
const without = list.filter(({ example }) => example === null);
process.stdout.write(`${list.length} refusals, ${without.length} of them provoked by no test:\n`);
for (const { file, template } of without) process.stdout.write(`  ${file}: ${template}\n`);
