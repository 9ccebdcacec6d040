import * as v from 'valibot';

/*
 * Parts that schemas of the project are made of. Where a check fails, its message is the middle of a sentence:
 * "expected a whole number".
 */

/** A count or an index. */
export const whole = v.pipe(v.number(), v.safeInteger('expected a whole number'), v.minValue(0));

/** Any number that JSON has a word for. */
export const finite = v.pipe(v.number(), v.finite('expected a finite number'));

/** What {@link numberText} writes for numbers that JSON has no word for. */
const unspeakable = v.pipe(v.picklist(['NaN', 'Infinity', '-Infinity']), v.transform(Number));

/** A number that networks give and that need not be one: a cut can make everything NaN. */
export const measured: v.GenericSchema<unknown, number> = v.union([v.number(), unspeakable]);

/** A replacer for JSON.stringify that keeps numbers which JSON has no word for. */
export function numberText(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

/** Anything with members by name, which a list is not. */
export const members = v.custom<object>(
  (input) => typeof input === 'object' && input !== null && !Array.isArray(input),
  'expected an object',
);

/**
 * Values by name. Unlike valibot's own, it keeps every name, `constructor` and its like too, as a layer may be
 * called anything; and it takes no list.
 */
export function recordOf<T>(value: v.GenericSchema<unknown, T>): v.GenericSchema<unknown, Record<string, T>> {
  return v.pipe(
    members,
    v.rawTransform<object, Record<string, T>>(({ dataset, addIssue, NEVER }) => {
      if (!dataset.typed) return NEVER;
      const entries: [string, T][] = [];
      for (const [key, part] of Object.entries(dataset.value) as [string, unknown][]) {
        const read = v.safeParse(value, part, { abortEarly: true });
        if (read.success) {
          entries.push([key, read.output]);
          continue;
        }
        addIssue(within(dataset.value, key, read.issues[0]));
        return NEVER;
      }
      return Object.fromEntries(entries);
    }),
  );
}

/** An issue of a part, told of the whole. */
function within(input: object, key: string, { expected, received, message, path }: v.BaseIssue<unknown>) {
  const item: v.UnknownPathItem = { type: 'unknown', origin: 'value', input, key, value: undefined };
  const told = { message, received, path: [item, ...(path ?? [])] as [v.IssuePathItem] };
  return expected === null ? told : { ...told, expected };
}
