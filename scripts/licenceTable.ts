import { readFileSync } from 'node:fs';

interface Package {
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const packageAt = (path: string) =>
  JSON.parse(readFileSync(new URL(`../${path}package.json`, import.meta.url), 'utf8')) as Package;

/** Versions and licences of the packages that the product is made of, as lines of a table in Markdown. */
export function licenceTable(): readonly string[] {
  const names = Object.keys(packageAt('').dependencies ?? {}).sort();
  return [
    '| package | version | licence |',
    '| --- | --- | --- |',
    ...names.map((name) => {
      const { version, license } = packageAt(`node_modules/${name}/`);
      return `| ${name} | ${version} | ${license ?? 'not stated'} |`;
    }),
  ];
}
