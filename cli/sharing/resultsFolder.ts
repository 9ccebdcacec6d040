import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  kindOfFileName,
  statementFileName,
  statementText,
  type Statement,
  type StatementKind,
} from '../../src/project/sharing/statement';
import {
  isUnitFileName,
  readUnit,
  unitFileName,
  unitText,
  type Unit,
  type UnitKind,
} from '../../src/project/sharing/units';
import { fail } from '../../src/network/failure';
import { makeFolder, writeWhole } from '../writing';

/** Files that are read at the same time. */
const readTogether = 64;

/** A folder that many machines put what they find into. Files appear whole; nothing is ever changed or deleted. */
export class ResultsFolder {
  constructor(readonly path: string) {}

  /** Makes the folder where it is missing, and says what is worked at. */
  async begin<About>(kind: StatementKind<About>, statement: Statement<About>): Promise<void> {
    await makeFolder(this.path);
    await writeWhole(join(this.path, statementFileName(kind, statement)), statementText(kind, statement));
  }

  /** Whether somebody has begun the same. */
  async states<About>(kind: StatementKind<About>, statement: Statement<About>): Promise<boolean> {
    const text = await this.text(statementFileName(kind, statement)).catch(() => null);
    return text === statementText(kind, statement);
  }

  /** A unit that somebody has done; null where nobody has, or the file is damaged. */
  async find<Item, Found>(
    kind: UnitKind<Item, Found>,
    of: string,
    item: Item,
  ): Promise<Unit<Item, Found> | null> {
    return this.read(kind, unitFileName(kind, of, item));
  }

  async save<Item, Found>(kind: UnitKind<Item, Found>, unit: Unit<Item, Found>): Promise<void> {
    await writeWhole(join(this.path, unitFileName(kind, unit.of, unit.item)), unitText(kind, unit));
  }

  /** @throws FailureError `unreadable-file` where there is no such folder */
  async list(): Promise<{ readonly statements: readonly string[]; readonly units: readonly string[] }> {
    const names = await readdir(this.path).catch(() =>
      fail(
        'unreadable-file',
        `${this.path}: expected a folder of results, found none; give the one that --out named.`,
      ),
    );
    return {
      statements: names.filter((name) => kindOfFileName(name) !== null).sort(),
      units: names.filter(isUnitFileName).sort(),
    };
  }

  text(name: string): Promise<string> {
    return readFile(join(this.path, name), 'utf8');
  }

  /** Reads one unit by its file's name; null where it is missing or damaged. */
  async read<Item, Found>(kind: UnitKind<Item, Found>, name: string): Promise<Unit<Item, Found> | null> {
    const text = await this.text(name).catch(() => null);
    return text === null ? null : readUnit(kind, text, name);
  }

  /** Reads units by their files' names; null for those that are missing or damaged. */
  async readNamed<Item, Found>(
    kind: UnitKind<Item, Found>,
    names: readonly string[],
  ): Promise<ReadonlyMap<string, Unit<Item, Found> | null>> {
    const units = new Map<string, Unit<Item, Found> | null>();
    for (let at = 0; at < names.length; at += readTogether) {
      const some = names.slice(at, at + readTogether);
      const read = await Promise.all(some.map((name) => this.read(kind, name)));
      some.forEach((name, index) => units.set(name, read[index]!));
    }
    return units;
  }
}
