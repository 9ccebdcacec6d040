/**
 * The classes that a network's metadata name, in order: a JSON list, or an object (also as Python prints it) from
 * index to name, under `names`, `classes`, `class_names`, `labels` or `categories`; null where there are not exactly
 * as many as the network has classes.
 */
export function statedClassNames(
  metadata: Readonly<Record<string, string>>,
  classes: number,
): readonly string[] | null {
  const key = Object.keys(metadata).find((name) =>
    /^(names|classes|class_?names|labels|categories)$/i.test(name),
  );
  const names = key === undefined ? null : namesIn(metadata[key] ?? '');
  return names?.length === classes ? names : null;
}

function namesIn(text: string): readonly string[] | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return null;
    const names: unknown[] = Object.values(value);
    return names.every((name) => typeof name === 'string') ? names : null;
  } catch {
    const entries = [...text.matchAll(/(\d+)\s*:\s*(['"])(.*?)\2\s*[,}]/g)];
    const names = entries.map(([, index, , name]) => ({ index: Number(index), name: name ?? '' }));
    const isWhole = names.length > 0 && names.every(({ index }, position) => index === position);
    return isWhole ? names.map(({ name }) => name) : null;
  }
}
