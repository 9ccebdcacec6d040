import { createGroupedStore } from './groupedStore';

/** Right answers of raced plans that outlive the page. It may forget everything at any time, but never fails. */
export interface CorrectStore {
  /** Marks by the key of the ranks, for the images that `race` names. */
  load(race: string): Promise<Map<string, Uint8Array>>;
  save(race: string, correctByImage: ReadonlyMap<string, Uint8Array>): Promise<boolean>;
}

/** Raise it whenever marks made before would no longer be what is made now. */
const version = 1;

/** Opens the browser's database at first use. */
export function createCorrectStore(): CorrectStore {
  const saved = createGroupedStore<{ readonly ranks: string; readonly correctByImage: Uint8Array }>(
    'enc-studio-marks',
    version,
  );
  return {
    load: async (race) =>
      new Map((await saved.load(race)).map(({ ranks, correctByImage }) => [ranks, correctByImage])),
    save: (race, correctByImage) =>
      saved.save(
        race,
        [...correctByImage].map(([ranks, own]) => [ranks, { ranks, correctByImage: own }]),
      ),
  };
}
