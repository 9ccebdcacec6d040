interface Named {
  readonly name: string;
}

/** Whether a file, by its name, holds no images but may say what their classes are: a table or a list of names. */
export function isSideFile(name: string): boolean {
  return /\.(csv|tsv|json|txt)$/i.test(name);
}

/**
 * Files of images with tables and lists that came later. What came last counts: it stands first, and takes the place
 * of a file of its name, and a list of names takes the place of every other list.
 */
export function withSideFiles<File extends Named>(
  images: readonly File[],
  later: readonly File[],
): readonly File[] {
  const isList = ({ name }: Named) => /\.txt$/i.test(name);
  const names = new Set(later.map(({ name }) => name));
  const hasList = later.some(isList);
  return [...later, ...images.filter((file) => !names.has(file.name) && !(hasList && isList(file)))];
}
