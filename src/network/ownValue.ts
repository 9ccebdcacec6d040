/** What a record holds under a name that a file gives; `constructor` and its like, which every object has, are none. */
export function ownValue<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
