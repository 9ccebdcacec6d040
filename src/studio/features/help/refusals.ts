/** A refusal: what a test was told, or else its sentence with … for what is put in. */
export interface Refusal {
  readonly file: string;
  readonly kind: string;
  readonly template: string;
  readonly example: string | null;
}

/** What refuses, by the folder of its source; the first that fits counts. */
const areas: readonly (readonly [folder: string, name: string])[] = [
  ['cli/', 'Command line'],
  ['src/formats/models/', 'Network files'],
  ['src/formats/', 'Image files and archives'],
  ['src/project/', 'Projects and plans'],
  ['src/studio/', 'The page'],
  ['', 'Computing'],
];

/** Refusals of one area, as the help shows them. */
export interface RefusalGroup {
  readonly area: string;
  readonly sentences: readonly string[];
}

/** The refusals that hold every word of a search, by area; those that say the same stand once. */
export function foundRefusals(all: readonly Refusal[], search: string): readonly RefusalGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map(areas.map(([, name]) => [name, new Set<string>()]));
  for (const refusal of all) {
    const sentence = sentenceOf(refusal);
    const isFound = words.every((word) => sentence.toLowerCase().includes(word));
    if (isFound) groups.get(areas.find(([folder]) => refusal.file.startsWith(folder))![1])!.add(sentence);
  }
  return [...groups].flatMap(([area, sentences]) =>
    sentences.size > 0 ? [{ area, sentences: [...sentences].sort() }] : [],
  );
}

/** Reasons stand in the layers' list behind the layer's name. */
function sentenceOf({ kind, template, example }: Refusal): string {
  const text = example ?? template;
  return kind === 'reason' ? `A layer cannot be computed: ${text}` : text;
}
