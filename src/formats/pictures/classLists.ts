import { classNamesIn } from '../../network/classNames';
import { baseName, type NamedFile } from '../file';
import { linesOf } from '../text';
import { plainName, type ClassList } from './classes';
import { jsonOf } from './tables';

/** Whether a text file's name says that it lists classes. */
export function isNamedAsList({ name }: NamedFile): boolean {
  return /(class|label|name|categor|synset|words)[^/\\]*\.txt$/i.test(name);
}

/**
 * The classes that a file lists in order: a text file with one a line, also numbered ("0 blue", as Teachable Machine
 * writes it, or "blue 0") or with an ImageNet synset before its words ("n01440764 tench, Tinca tinca"); or a JSON
 * object that holds a list of names under `labels`, `classes` or the like, or Hugging Face's `id2label`. Null where
 * it lists none.
 */
export function classListOf(file: NamedFile): ClassList | null {
  const names = /\.json$/i.test(file.name) ? classNamesIn(jsonOf(file)) : placed(linesOf(file.bytes));
  if (!names || names.length === 0) return null;
  const indices = new Map<string, number>();
  // A whole name goes before a part of another.
  for (const [index, name] of names.entries())
    for (const part of partsOf(name)) addOnce(indices, part, index);
  for (const [index, name] of names.entries()) indices.set(plainName(name), index);
  return { file: baseName(file.name), names, indices };
}

function addOnce(indices: Map<string, number>, name: string, index: number): void {
  const plain = plainName(name);
  if (plain !== '' && !indices.has(plain)) indices.set(plain, index);
}

const synset = /^(n\d{8})\s+(.+)$/;

/** What a class may be called by: its synset, its words, each of its words. */
function partsOf(name: string): readonly string[] {
  const [, id, words = name] = synset.exec(name) ?? [];
  return [...(id ? [id] : []), words, ...words.split(',')];
}

interface Numbered {
  readonly place: number;
  readonly name: string;
}

/** A number before a name, or behind it. */
const numbered: readonly ((line: string) => Numbered | null)[] = [
  (line) => {
    const [, place, name] = /^(\d{1,6})\s*[\s:,;=]\s*(\S.*)$/.exec(line) ?? [];
    return name === undefined ? null : { place: Number(place), name };
  },
  (line) => {
    // Step by step: one pattern would try every blank of a long gap as its end.
    const place = trailingDigits(line);
    const before = line.slice(0, line.length - place.length);
    const rest = before.trimEnd();
    const isMarked = /[:,;=]$/.test(rest);
    const name = isMarked ? rest.slice(0, -1).trimEnd() : rest;
    const isApart = isMarked || rest !== before;
    return place !== '' && place.length <= 6 && isApart && name !== ''
      ? { place: Number(place), name }
      : null;
  },
];

function trailingDigits(line: string): string {
  let from = line.length;
  while (from > 0 && line[from - 1]! >= '0' && line[from - 1]! <= '9') from--;
  return line.slice(from);
}

/** Lines in the order of their numbers, without them, where every line has one and they count the lines. */
function placed(lines: readonly string[]): readonly string[] {
  for (const form of numbered) {
    const entries = lines.map(form);
    const places = entries.map((entry) => entry?.place ?? NaN);
    const names = entries.map((entry) => entry?.name ?? '');
    const first = places.reduce((least, place) => Math.min(least, place), Infinity);
    const isCount = (first === 0 || first === 1) && new Set(places).size === lines.length;
    const isWhole = places.every((place) => place - first < lines.length);
    // "class 1", "class 2" are names, not one name with numbers.
    if (!isCount || !isWhole || new Set(names).size < names.length) continue;
    const sorted = new Array<string>(lines.length);
    for (const [index, place] of places.entries()) sorted[place - first] = names[index]!;
    return sorted;
  }
  return lines;
}
