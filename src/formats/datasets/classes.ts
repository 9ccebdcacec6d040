import type { ImageSet } from '../../network/images';
import { baseName, type NamedFile } from '../file';
import { failUnlisted, namesByIndex, plainName } from '../pictures/classes';
import { contentOf } from '../pictures/labels';
import { readTable } from '../pictures/tables';
import type { Wanted } from './format';

/**
 * Turns labels that files count in their own order into the network's class indices: by a table of name (or number)
 * and index, else by names where the files and the network both carry them and every one is found, else as they are.
 *
 * @param tables that came with the images; the first counts
 * @throws FailureError `images-do-not-fit` where a table leaves a class out, `invalid-images` where it is none
 */
export function withMatchedClasses(
  images: ImageSet,
  tables: readonly NamedFile[],
  wanted: Wanted | undefined,
): ImageSet {
  const { labels, classNames } = images;
  if (!labels) return images;
  const [table] = tables;
  if (table) return mapped(images, labels, table, wanted);
  const order = classNames && wanted?.classNames && placesOf(classNames, wanted.classNames);
  const isNamed = order && labels.every((label) => label < order.length);
  if (!isNamed) return { ...images, matching: { by: 'order', file: null } };
  return {
    ...images,
    labels: labels.map((label) => order[label]!),
    classNames: wanted!.classNames,
    matching: { by: 'names', file: null },
  };
}

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
): ImageSet {
  const content = contentOf(table, readTable(table), []);
  const given = content.kind === 'mapping' ? content.indices : new Map<string, number>();
  const indices = new Map<string, number>();
  const places = new Map<number, number>();
  for (const label of new Set(labels)) {
    const name = images.classNames?.[label] ?? String(label);
    const index = given.get(name) ?? given.get(String(label));
    if (index === undefined)
      return failUnlisted(images.name, name, `the mapping file ${baseName(table.name)}`);
    indices.set(name, index);
    places.set(label, index);
  }
  const sources = { listed: null, ofNetwork: wanted?.classNames ?? null, count: wanted?.classes ?? null };
  return {
    ...images,
    labels: labels.map((label) => places.get(label)!),
    classNames: namesByIndex(indices, sources),
    matching: { by: 'mapping', file: baseName(table.name) },
  };
}
