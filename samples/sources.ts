import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FAMILIES, WEIGHTS } from './families';
import type { ImageSetName } from './families';
import type { Face } from './render/scene';

const RECIPE = fileURLToPath(new URL('.', import.meta.url));
const LICENCE = 'OFL-1.1';

/** One package of the npm registry that the images are made from. */
export interface SourcePackage {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly usedFor: ImageSetName;
}

/** A font file of a source package. */
export interface FaceFile extends Face {
  readonly path: string;
}

/** Installs the source packages, at the versions locked in this folder, unless they are there. */
export function installSources(): void {
  if (allFamilies().every(({ family }) => existsSync(`${packageFolder(family)}package.json`))) return;
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: RECIPE,
    stdio: 'inherit',
  });
}

/** Name, version and licence of every source package. Throws Error for a licence other than the Open Font License. */
export function sourcePackages(): SourcePackage[] {
  return allFamilies().map(({ family, usedFor }) => {
    const { name, version, license } = readPackage(family);
    if (license !== LICENCE) throw new Error(`sources: expected ${name} under ${LICENCE}, got ${license}`);
    return { name, version, licence: license, usedFor };
  });
}

/** The font files of one image set, per family: the Latin subset, upright, in the weights that exist. */
export function faceFiles(usedFor: ImageSetName): FaceFile[][] {
  return FAMILIES[usedFor].map((family) =>
    WEIGHTS.map((weight) => ({
      family,
      weight,
      path: `${packageFolder(family)}files/${family}-latin-${String(weight)}-normal.woff2`,
    })).filter(({ path }) => existsSync(path)),
  );
}

function allFamilies(): { family: string; usedFor: ImageSetName }[] {
  const names = Object.keys(FAMILIES) as ImageSetName[];
  return names.flatMap((usedFor) => FAMILIES[usedFor].map((family) => ({ family, usedFor })));
}

function packageFolder(family: string): string {
  return `${RECIPE}node_modules/@fontsource/${family}/`;
}

function readPackage(family: string): { name: string; version: string; license: string } {
  return JSON.parse(readFileSync(`${packageFolder(family)}package.json`, 'utf8')) as ReturnType<
    typeof readPackage
  >;
}
