import { expect, it } from 'vitest';
import { ownValue } from './ownValue';

it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'])(
  'a record that says nothing of %s holds nothing under it, and else what it says',
  (name) => {
    expect(ownValue<number>({}, name)).toBeUndefined();
    expect(ownValue<number>({ a: 1 }, name)).toBeUndefined();
    expect(ownValue(Object.fromEntries([[name, 2]]), name)).toBe(2);
  },
);
