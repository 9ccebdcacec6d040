/** Prints versions and licences of the packages that the product is made of, as a table: npx tsx scripts/licences.ts */
import { readFileSync } from 'node:fs';

interface Package {
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const packageAt = (path: string) =>
  JSON.parse(readFileSync(new URL(`../${path}package.json`, import.meta.url), 'utf8')) as Package;

console.log('| package | version | licence |\n| --- | --- | --- |');
for (const name of Object.keys(packageAt('').dependencies ?? {}).sort()) {
  const { version, license } = packageAt(`node_modules/${name}/`);
  console.log(`| ${name} | ${version} | ${license ?? 'not stated'} |`);
}
