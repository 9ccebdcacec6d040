import { expect, it } from 'vitest';
import { statedClassNames } from './classNames';

it('reads names from a JSON list, an object, or a dictionary as Python prints it', () => {
  const expected = ['cat', "a dog's"];
  expect(statedClassNames({ classes: `["cat", "a dog's"]` }, 2)).toEqual(expected);
  expect(statedClassNames({ labels: `{"0": "cat", "1": "a dog's"}` }, 2)).toEqual(expected);
  expect(statedClassNames({ names: `{0: 'cat', 1: "a dog's"}` }, 2)).toEqual(expected);
});

it('takes nothing else for names', () => {
  for (const text of ['[1, 2]', 'cat, dog', '{1: "a", 0: "b"}', '["a"]', '3'])
    expect(statedClassNames({ names: text }, 2)).toBeNull();
  expect(statedClassNames({ author: '["a", "b"]' }, 2)).toBeNull();
});
