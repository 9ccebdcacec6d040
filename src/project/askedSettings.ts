import * as v from 'valibot';
import { members } from './schemas';
import { settings, type SettingName, type Settings } from './settings';

/** What a plan follows from beside curves and images: whoever goes back to a plan asks for these again. */
export const planSettings = [
  'target',
  'cost',
  'second',
  'multiple',
  'limits',
  'factorisations',
  'method',
  'overrides',
  'metric',
  'searchesAll',
  'searchSpread',
  'searchSlack',
  'candidates',
] as const satisfies readonly SettingName[];

/** The settings that a plan was made under; those that came later are absent. */
export type AskedSettings = Partial<Pick<Settings, (typeof planSettings)[number]>>;

/** Schema of the settings that a plan was made under. */
export const askedSettingsSchema = v.pipe(
  members,
  v.strictObject(
    Object.fromEntries(planSettings.map((name) => [name, v.exactOptional(settings[name].schema)])),
  ),
) as unknown as v.GenericSchema<AskedSettings>;

/** Those of some settings that a plan follows from. */
export function askedOf(all: Settings): AskedSettings {
  return Object.fromEntries(planSettings.map((name) => [name, all[name]])) as AskedSettings;
}
