import * as v from 'valibot';
import { settingList, type Settings } from './settings';

/**
 * What a link asks for, as `?target=0.5&method=map&metric=energy&…`: every setting that has a parameter. Anything
 * that its schema refuses is left at its default.
 */
export function settingsFrom(query: string): Partial<Settings> {
  const parameters = new URLSearchParams(query);
  const asked: Record<string, unknown> = {};
  for (const [name, { address, schema }] of settingList) {
    const text = address && parameters.get(address.parameter);
    if (!address || text === null) continue;
    const value = v.safeParse(schema, address.read(text));
    if (value.success) asked[name] = value.output;
  }
  return asked as Partial<Settings>;
}

/** The query that restores settings; parameters of other things are left as they are, defaults are left out. */
export function queryOf(settings: Settings, query: string): string {
  const parameters = new URLSearchParams(query);
  for (const [name, { address, default: initial }] of settingList) {
    if (!address) continue;
    const text = address.write(settings[name]);
    const isLeftOut = !address.isAlwaysWritten && text === address.write(initial);
    if (isLeftOut) parameters.delete(address.parameter);
    else parameters.set(address.parameter, text);
  }
  return `?${parameters}`;
}
