/**
 * Reads mutants of a format (or of `all`) for some minutes each, and prints what became of them as a row for
 * SECURITY.md: npm run fuzz -- FORMAT [--minutes N] [--seed S]
 */
import { parseArgs } from 'node:util';
import { openParser } from '../../cli/parser';
import { fuzzedFormats } from './formats';
import { fuzz } from './fuzz';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string', default: '1' } },
});
const known = Object.keys(fuzzedFormats);
const formats = positionals[0] === 'all' ? known : positionals;
if (formats.length === 0 || formats.some((format) => !known.includes(format))) {
  console.error(
    `Expected a format (${known.join(', ')} or all), found "${positionals.join(' ')}"; name one.`,
  );
  process.exit(1);
}

for (const format of formats) {
  const end = Date.now() + Number(values.minutes) * 60_000;
  const report = await fuzz(
    format,
    () => openParser([]),
    Number(values.seed),
    () => Date.now() < end,
  );
  const { mutants, read, same, refused, stopped, others, slowestMs } = report;
  const cells = [mutants, read, same, refused, stopped, others.length].map((count) =>
    count.toLocaleString('en-US'),
  );
  console.log(`| ${[format, ...cells, `${(slowestMs / 1000).toFixed(1)} s`].join(' | ')} |`);
  for (const { seed, error } of others.slice(0, 5)) console.error(`seed ${seed}: ${error}`);
  if (others.length > 0) process.exitCode = 1;
}
