import { createGroupedStore } from './groupedStore';

/** Right answers of raced plans that outlive the page. It may forget everything at any time, but never fails. */
export interface MarksStore {
  /** Marks by the key of the ranks, for the images that `race` names. */
  load(race: string): Promise<Map<string, Uint8Array>>;
  save(race: string, marks: ReadonlyMap<string, Uint8Array>): Promise<boolean>;
}

/** Raise it whenever marks made before would no longer be what is made now. */
const version = 1;

/** Opens the browser's database at first use. */
export function createMarksStore(): MarksStore {
  const saved = createGroupedStore<{ readonly ranks: string; readonly marks: Uint8Array }>(
    'enc-studio-marks',
    version,
  );
  return {
    load: async (race) => new Map((await saved.load(race)).map(({ ranks, marks }) => [ranks, marks])),
    save: (race, marks) =>
      saved.save(
        race,
        [...marks].map(([ranks, own]) => [ranks, { ranks, marks: own }]),
      ),
  };
}
