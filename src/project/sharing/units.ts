import * as v from 'valibot';
import { arithmeticVersion } from '../../enc/sweep/arithmetic';
import { canonicalKey } from '../../network/canonical';
import { numberText } from '../schemas';
import { parseShallowJson } from '../../network/shallowJson';

/*
 * Work that many machines share is done in units. What a unit has found is a file of its own, named by everything
 * that decides it, so that whoever comes to the unit again finds it done; nobody has to hand units out.
 */

/** A kind of unit: which one it is among those of the same work, and what it finds. */
export interface UnitKind<Item, Found> {
  readonly id: string;
  readonly item: v.GenericSchema<unknown, Item>;
  readonly found: v.GenericSchema<unknown, Found>;
  /** Whether nobody would come upon the unit by working through the list of units, so that it has to be looked for. */
  isAtLarge?(item: Item): boolean;
}

/** Ties a kind of unit to its types. */
export function unitKind<Item, Found>(
  id: string,
  item: v.GenericSchema<unknown, Item>,
  found: v.GenericSchema<unknown, Found>,
  rest: Pick<UnitKind<Item, Found>, 'isAtLarge'> = {},
): UnitKind<Item, Found> {
  return { id, item, found, ...rest };
}

/** What was found of one unit. */
export interface Unit<Item, Found> {
  /** Names what the unit holds for beside its item: network, images, preprocessing, settings. */
  readonly of: string;
  readonly item: Item;
  readonly found: Found;
  /** The backend that computed it. */
  readonly backend: string;
}

/** The name of a unit's file: 32 hexadecimal digits of what decides it, the version of the arithmetic included. */
export function unitFileName<Item>(kind: UnitKind<Item, unknown>, of: string, item: Item): string {
  const key = canonicalKey([kind.id, arithmeticVersion, of, item]);
  return `${key}${kind.isAtLarge?.(item) ? '.run' : ''}.json`;
}

/** Whether a file's name is that of a unit. */
export function isUnitFileName(name: string): boolean {
  return /^[0-9a-f]{32}(\.run)?\.json$/.test(name);
}

/** Whether a file's name is that of a unit that has to be looked for. */
export function isAtLargeFileName(name: string): boolean {
  return isUnitFileName(name) && name.endsWith('.run.json');
}

/** A unit as the text of its file. */
export function unitText<Item, Found>(kind: UnitKind<Item, Found>, unit: Unit<Item, Found>): string {
  return `${JSON.stringify({ unit: kind.id, arithmetic: arithmeticVersion, ...unit }, numberText)}\n`;
}

/**
 * Reads a unit; null where the file is no unit of the kind and of this arithmetic, was cut short, or has another
 * name than its content says: it counts as not done then.
 *
 * @param fileName its name without folders
 */
export function readUnit<Item, Found>(
  kind: UnitKind<Item, Found>,
  text: string,
  fileName: string,
): Unit<Item, Found> | null {
  const read = v.safeParse(schemaOf(kind), parsed(text));
  if (!read.success) return null;
  const { of, item, found, backend } = read.output;
  return unitFileName(kind, of, item) === fileName ? { of, item, found, backend } : null;
}

function schemaOf<Item, Found>({ id, item, found }: UnitKind<Item, Found>) {
  return v.strictObject({
    unit: v.literal(id),
    arithmetic: v.literal(arithmeticVersion),
    of: v.string(),
    item,
    found,
    backend: v.string(),
  });
}

function parsed(text: string): unknown {
  try {
    return parseShallowJson(text);
  } catch {
    return null;
  }
}
