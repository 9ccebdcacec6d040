import { expect, it } from 'vitest';
import { statedClassNames } from './classNames';

it('reads names from a JSON list, an object, or a dictionary as Python prints it', () => {
  const expected = ['cat', "a dog's"];
  expect(statedClassNames({ classes: `["cat", "a dog's"]` }, 2)).toEqual(expected);
  expect(statedClassNames({ labels: `{"0": "cat", "1": "a dog's"}` }, 2)).toEqual(expected);
  expect(statedClassNames({ names: `{0: 'cat', 1: "a dog's"}` }, 2)).toEqual(expected);
});

it.each([
  ['quotes', "0:'"],
  ['digits', '0'],
  ['digits with colons', '0:'],
  ['blanks', '0 : '],
])('looks through a million characters of %s once', (_, part) => {
  const text = `{${part.repeat(1e6 / part.length)}`;
  expect(statedClassNames({ names: text }, 2)).toBeNull();
  // A list that Python printed is found behind them, too.
  expect(statedClassNames({ names: `{${' '.repeat(1e6)}0: 'cat', 1: "dog"}` }, 2)).toEqual(['cat', 'dog']);
});

it('takes nothing else for names', () => {
  for (const text of ['[1, 2]', 'cat, dog', '{1: "a", 0: "b"}', '["a"]', '3'])
    expect(statedClassNames({ names: text }, 2)).toBeNull();
  expect(statedClassNames({ author: '["a", "b"]' }, 2)).toBeNull();
});
