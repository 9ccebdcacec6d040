import { expect, it } from 'vitest';
import { createRegistry } from './registry';

const registry = () => createRegistry('fruit', [{ id: 'apple' }, { id: 'pear' }]);

it('lists entries in order and finds them by id', () => {
  const { all, get, find } = registry();
  expect(all.map(({ id }) => id)).toEqual(['apple', 'pear']);
  expect(get('pear')).toBe(all[1]);
  expect(find('plum')).toBeUndefined();
});

it('says which ids there are', () => {
  expect(() => registry().get('plum')).toThrow(
    'fruit: expected apple, pear, found "plum"; choose one of these.',
  );
});

it('lists an entry that is added everywhere, until it is taken out again', () => {
  const fruits = registry();
  const { all } = fruits;
  const remove = fruits.add({ id: 'plum' });
  expect(all.map(({ id }) => id)).toEqual(['apple', 'pear', 'plum']);
  expect(() => fruits.add({ id: 'plum' })).toThrow('fruit plum: expected an id of its own');
  remove();
  expect(fruits.find('plum')).toBeUndefined();
  expect(all).toHaveLength(2);
});
