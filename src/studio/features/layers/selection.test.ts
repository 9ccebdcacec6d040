import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chosen, choosingOf, keyed, type RowSelection } from './selection';

const all = ['a', 'b', 'c', 'd', 'e'];
const at = (name: string): RowSelection => ({ names: [name], current: name, anchor: name });
const plain = { shiftKey: false, ctrlKey: false, metaKey: false };
const press = (from: RowSelection, key: string, held: Partial<typeof plain> = {}) =>
  keyed(from, { key, ...plain, ...held }, all)!;

describe('rows', () => {
  it('are chosen alone, beside others, and up to one', () => {
    expect(choosingOf(plain)).toBe('alone');
    expect(chosen(at('b'), 'd', 'beside', all).names).toEqual(['b', 'd']);
    expect(chosen(chosen(at('b'), 'd', 'beside', all), 'd', 'beside', all).names).toEqual(['b']);
    expect(chosen(at('b'), 'b', 'beside', all).names).toEqual(['b']);
    expect(chosen(at('d'), 'b', 'upTo', all)).toEqual({ names: ['b', 'c', 'd'], current: 'b', anchor: 'd' });
  });
  it('are chosen by keyboard: shift draws a range, ctrl walks past, space adds', () => {
    const two = press(at('b'), 'ArrowDown', { shiftKey: true });
    expect(two.names).toEqual(['b', 'c']);
    expect(press(two, 'ArrowUp', { shiftKey: true }).names).toEqual(['b']);
    expect(press(press(two, 'ArrowUp', { shiftKey: true }), 'ArrowUp', { shiftKey: true }).names).toEqual([
      'a',
      'b',
    ]);
    const walked = press(press(at('a'), 'ArrowDown', { ctrlKey: true }), 'ArrowDown', { ctrlKey: true });
    expect([walked.names, walked.current]).toEqual([['a'], 'c']);
    expect(press(walked, ' ').names).toEqual(['a', 'c']);
    expect(press(walked, ' ', { shiftKey: true }).names).toEqual(['a', 'b', 'c']);
    expect(press(two, 'a', { ctrlKey: true }).names).toEqual(all);
    expect(press(two, 'Escape').names).toEqual(['c']);
    expect(press(at('c'), 'End').names).toEqual(['e']);
    expect(keyed(at('c'), { key: 'x', ...plain }, all)).toBeNull();
  });
  it('never leave nothing selected, and stay rows of the table', () => {
    const key = fc.constantFrom('ArrowDown', 'ArrowUp', 'Home', 'End', ' ', 'Escape', 'a');
    const event = fc.record({
      key,
      shiftKey: fc.boolean(),
      ctrlKey: fc.boolean(),
      metaKey: fc.constant(false),
    });
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const end = events.reduce((own, next) => keyed(own, next, all) ?? own, at('c'));
        expect(end.names.length).toBeGreaterThan(0);
        expect(new Set(end.names).size).toBe(end.names.length);
        for (const name of [...end.names, end.current, end.anchor]) expect(all).toContain(name);
      }),
    );
  });
});
