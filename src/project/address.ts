import * as v from 'valibot';
import { settingList, type Settings } from './settings';

/** Characters that all settings of single layers may take in the address; links that are longer do not arrive everywhere. */
export const mostOfLayers = 4000;

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

/**
 * The query that restores settings; parameters of other things are left as they are, defaults are left out, and so is
 * everything about single layers where together it is too long for a link.
 */
export function queryOf(settings: Settings, query: string): string {
  const parameters = new URLSearchParams(query);
  const isTooLong = areLayersTooLong(settings);
  for (const [name, { address, default: initial }] of settingList) {
    if (!address) continue;
    const text = address.write(settings[name]);
    const isDefault = !address.isAlwaysWritten && text === address.write(initial);
    if (isDefault || (address.isOfLayers && isTooLong)) parameters.delete(address.parameter);
    else parameters.set(address.parameter, text);
  }
  return `?${readable(parameters)}`;
}

/** Whether what is decided about single layers is too long for the address. */
export function areLayersTooLong(settings: Settings): boolean {
  const own = new URLSearchParams();
  for (const [name, { address }] of settingList)
    if (address?.isOfLayers) own.set(address.parameter, address.write(settings[name]));
  return readable(own).length > mostOfLayers;
}

/** Characters that mean nothing in a query stand as they are: rank=conv3=24,conv4=8..32. */
function readable(parameters: URLSearchParams): string {
  return parameters.toString().replace(/%(2C|2F|3A|3D|40)/g, decodeURIComponent);
}
