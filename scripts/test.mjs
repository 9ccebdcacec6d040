/** `npm test`: installs what is missing, a browser included, and runs every check. */
import { ensureChromium, ensureDependencies, readJson, root, runAside, runQuietly } from './setup.mjs';
import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const reports = { unit: '.cache/unit.json', e2e: '.cache/e2e.json' };

ensureDependencies();
const chromium = ensureChromium();
const env = {
  ...process.env,
  E2E_PORT: String(await freePort()),
  ...(chromium ? { CHROMIUM: chromium } : {}),
};
mkdirSync(join(root, '.cache'), { recursive: true });
for (const report of Object.values(reports)) rmSync(join(root, report), { force: true });

/** It keeps one core busy for longer than all of the others together, and so runs beside them. */
const lint = ['lint', ['eslint', '.', '--max-warnings', '0']];
/** Types are checked by the native compiler, in a fifth of the time; lint needs the one before it, of the same name. */
const readings = [
  ['types', ['node', 'node_modules/typescript-7/bin/tsc', '-b']],
  ['import cycles', ['depcruise', '.']],
  ['format', ['prettier', '--check', '--log-level', 'warn', '.']],
];
const unitTests = [
  'unit tests',
  ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${reports.unit}`],
];
const build = ['build', ['vite', 'build', '--logLevel', 'warn']];
const endToEndTests = ['end-to-end tests', ['playwright', 'test']];

const broken = [];
const report = (name, started) => console.log(`── ${name}: ${((Date.now() - started) / 1000).toFixed(0)} s`);
const linted = read(...lint);
for (const reading of readings) await read(...reading);
await check(...build);
// A browser waits for much, unit tests for nothing: side by side both cores stay busy.
await Promise.all([linted, check(...unitTests), check(...endToEndTests)]);
summarise();
process.exitCode = broken.length > 0 ? 1 : 0;

/** Runs a check and shows what it says as it comes, each line under its name. */
async function check(name, args) {
  const started = Date.now();
  const status = await runAside('npx', args, { env }, (line) => console.log(`${name} │ ${line}`));
  if (status !== 0) {
    broken.push(name);
    console.error(`npx ${args.join(' ')} ended with status ${status}`);
  }
  report(name, started);
}

/** Runs a check that only reads the sources, beside others; what it says is printed when it ends. */
async function read(name, args) {
  const started = Date.now();
  const [command, ...own] = args[0] === 'node' ? [process.execPath, ...args.slice(1)] : ['npx', ...args];
  const said = await runQuietly(command, own, { env });
  console.log(`\n── ${name}\n${said.output}`);
  if (said.status !== 0) {
    broken.push(name);
    console.error(`npx ${args.join(' ')} ended with status ${said.status}`);
  }
  report(name, started);
}

/** A port that nothing listens on. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, 'localhost', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function summarise() {
  const tests = [...unitResults(readJson(reports.unit)), ...endToEndResults(readJson(reports.e2e))];
  const skipped = tests.filter(({ status }) => status === 'skipped');
  if (skipped.length > 0) console.log('\nSkipped, each with its reason:');
  for (const { title, reason } of skipped) console.log(`  ${title}${reason ? `: ${reason}` : ''}`);
  const failed = tests.filter(({ status }) => status === 'failed');
  // Said again here, with the reason: a log that is cut keeps its end.
  for (const { title, reason } of failed) console.log(`\nFailed: ${title}\n${indented(reason)}`);
  if (broken.length > 0) console.log(`\nFailed: ${broken.join(', ')}`);
  const count = (status) => tests.filter((test) => test.status === status).length;
  console.log(`\n${count('passed')} passed, ${count('failed')} failed, ${skipped.length} skipped`);
}

function unitResults(report) {
  const statusOf = { passed: 'passed', failed: 'failed' };
  return (report?.testResults ?? []).flatMap(({ name, status, message, assertionResults }) => {
    const tests = assertionResults.map((test) => ({
      title: test.fullName,
      status: statusOf[test.status] ?? 'skipped',
      reason: (test.failureMessages ?? []).join('\n'),
    }));
    // A file may fail before it has any test, as where an import does.
    const isBroken = status === 'failed' && tests.every((test) => test.status !== 'failed');
    return isBroken ? [...tests, { title: relative(root, name), status, reason: message }] : tests;
  });
}

function endToEndResults(report) {
  const ofSuite = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(ofSuite)];
  const specs = (report?.suites ?? []).flatMap(ofSuite);
  return specs.flatMap((spec) =>
    spec.tests.map((test) => ({
      title: spec.title,
      status: { expected: 'passed', skipped: 'skipped' }[test.status] ?? 'failed',
      reason:
        test.annotations.find(({ type }) => type === 'skip')?.description ??
        test.results.flatMap(({ errors }) => errors.map(({ message }) => message)).join('\n'),
    })),
  );
}

/** The first lines of a failure's reason, without colours. */
function indented(reason = '') {
  const lines = stripVTControlCharacters(reason).trim().split('\n').slice(0, 20);
  return lines.map((line) => `  ${line}`).join('\n');
}
