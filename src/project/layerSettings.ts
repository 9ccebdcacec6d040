import type { LayerDescription } from '../network/layers';
import { layerNamed, shortestName } from './layerNames';
import type { Settings } from './settings';

/** What is decided about single layers. */
export type LayerSettings = Pick<Settings, 'overrides' | 'limits' | 'factorisations'>;

type Named = Pick<LayerDescription, 'name'>;

/** What settings decide about single layers. */
export function layerSettingsOf({ overrides, limits, factorisations }: LayerSettings): LayerSettings {
  return { overrides, limits, factorisations };
}

/** The settings without what they decide about single layers. */
export function withoutLayers<S extends Partial<LayerSettings>>(settings: S): Omit<S, keyof LayerSettings> {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  const { overrides, limits, factorisations, ...rest } = settings;
  return rest;
}

/** Whether nothing is decided about any layer. */
export function isUndecided(settings: LayerSettings): boolean {
  return Object.values(layerSettingsOf(settings)).every((own) => Object.keys(own).length === 0);
}

/** What is decided about layers of a network, under the shortest names that they are known by. */
export function shortlyNamed(settings: LayerSettings, layers: readonly Named[]): LayerSettings {
  return renamed(settings, (name) => shortestName(layers, name))!;
}

/** What is decided about layers, under their whole names; null where the network lacks one of them. */
export function wholeNamed(settings: LayerSettings, layers: readonly Named[]): LayerSettings | null {
  return renamed(settings, (name) => layerNamed(layers, name)?.name);
}

function renamed(
  { overrides, limits, factorisations }: LayerSettings,
  nameOf: (name: string) => string | undefined,
): LayerSettings | null {
  let isWhole = true;
  function under<T>(values: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
    const entries = Object.entries(values).flatMap(([name, value]): [string, T][] => {
      const own = nameOf(name);
      if (own === undefined) isWhole = false;
      return own === undefined ? [] : [[own, value]];
    });
    return Object.fromEntries(entries);
  }
  const named = {
    overrides: under(overrides),
    limits: under(limits),
    factorisations: under(factorisations),
  };
  return isWhole ? named : null;
}
