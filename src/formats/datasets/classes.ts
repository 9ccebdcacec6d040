import type { ImageSet } from '../../network/images';
import { baseName, type NamedFile } from '../file';
import { failUnlisted, namesByIndex, plainName, type ClassReading } from '../pictures/classes';
import { classListOf } from '../pictures/classLists';
import { mappingOf } from '../pictures/labels';
import { readTable } from '../pictures/tables';
import type { Wanted } from './format';

/**
 * Turns labels that files count in their own order into the network's class indices: by a table of name (or number)
 * and index, else by names where the files and the network both carry them and every one is found, else as they are,
 * counted from 0 or from 1.
 *
 * @param tables that came with the images: the first that gives indices counts, and the first that lists names
 * @throws FailureError `images-do-not-fit` where a table leaves a class out, `invalid-images` where it is none
 */
export function withMatchedClasses(
  images: ImageSet,
  tables: readonly NamedFile[],
  wanted: Wanted | undefined,
): ImageSet {
  const { labels } = images;
  if (!labels) return images;
  const isList = (file: NamedFile) => /\.json$/i.test(file.name) && classListOf(file) !== null;
  const list = tables.find(isList);
  const classNames = (list && classListOf(list)?.names) ?? images.classNames;
  const named = { ...images, classNames };
  const [table] = tables.filter((file) => !isList(file));
  if (table) return withReadings(named, [mapped(named, labels, table, wanted)]);
  const order = classNames && wanted?.classNames && placesOf(classNames, wanted.classNames);
  if (!order || !labels.every((label) => label < order.length))
    return withReadings(named, counted(named, labels, wanted));
  return withReadings(named, [
    {
      order: 'names',
      labels: labels.map((label) => order[label]!),
      classNames: wanted!.classNames,
      matching: { by: 'names', file: null },
    },
  ]);
}

/** Images with their labels as the first reading has them. */
function withReadings(images: ImageSet, readings: readonly ClassReading[]): ImageSet {
  const { labels, classNames, matching } = readings[0]!;
  const all = readings.map((reading) => ({ column: null, ...reading }));
  return { ...images, labels, classNames, matching, labelChoices: { readings: all, table: null, notes: [] } };
}

/** As the files count; also from 1 where no label is 0. What the network has no class for is no way to count. */
function counted(
  { classNames }: ImageSet,
  labels: Int32Array,
  wanted: Wanted | undefined,
): readonly ClassReading[] {
  const matching = { by: 'order', file: null } as const;
  const fromZero: ClassReading = { order: 'numeric', labels, classNames, matching };
  const [least, most] = [labels.reduce(min, Infinity), labels.reduce(max, -Infinity)];
  if (least < 1 || labels.length === 0 || classNames !== null) return [fromZero];
  const fromOne: ClassReading = { ...fromZero, order: 'from-one', labels: labels.map((label) => label - 1) };
  if (!wanted || most < wanted.classes) return [fromZero, fromOne];
  return most === wanted.classes ? [fromOne] : [fromZero];
}

const min = (a: number, b: number) => Math.min(a, b);
const max = (a: number, b: number) => Math.max(a, b);

/** Where each name stands in the network's order; null unless every one has a place of its own. */
function placesOf(names: readonly string[], ofNetwork: readonly string[]): readonly number[] | null {
  const known = new Map(ofNetwork.map((name, index) => [plainName(name), index]));
  const places = names.map((name) => known.get(plainName(name)));
  const isWhole = places.every((place) => place !== undefined) && new Set(places).size === names.length;
  return isWhole ? (places as number[]) : null;
}

function mapped(
  images: ImageSet,
  labels: Int32Array,
  table: NamedFile,
  wanted: Wanted | undefined,
): ClassReading {
  const file = baseName(table.name);
  const given = mappingOf(table, readTable(table));
  const indices = new Map<string, number>();
  const places = new Map<number, number>();
  for (const label of new Set(labels)) {
    const name = images.classNames?.[label] ?? String(label);
    const index = given.get(name) ?? given.get(String(label));
    if (index === undefined) return failUnlisted(images.name, name, `the mapping file ${file}`);
    indices.set(name, index);
    places.set(label, index);
  }
  const sources = { listed: null, ofNetwork: wanted?.classNames ?? null, count: wanted?.classes ?? null };
  return {
    order: 'mapping',
    labels: labels.map((label) => places.get(label)!),
    classNames: namesByIndex(indices, sources),
    matching: { by: 'mapping', file },
  };
}
