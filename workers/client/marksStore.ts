import { createGroupedStore } from './groupedStore';

/** Right answers of raced plans that outlive the page. It may forget everything at any time, but never fails. */
export interface CorrectStore {
  /** By the key of the recipe, for the images that `race` names. */
  load(race: string): Promise<Map<string, Uint8Array>>;
  save(race: string, correctByImage: ReadonlyMap<string, Uint8Array>): Promise<boolean>;
}

/** Raise it whenever what was saved before would no longer be what is made now. */
const version = 2;

/** Opens the browser's database at first use. */
export function createCorrectStore(): CorrectStore {
  const saved = createGroupedStore<{ readonly recipe: string; readonly correctByImage: Uint8Array }>(
    'enc-studio-marks',
    version,
  );
  return {
    load: async (race) =>
      new Map((await saved.load(race)).map(({ recipe, correctByImage }) => [recipe, correctByImage])),
    save: (race, correctByImage) =>
      saved.save(
        race,
        [...correctByImage].map(([recipe, own]) => [recipe, { recipe, correctByImage: own }]),
      ),
  };
}
