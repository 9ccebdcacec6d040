import { describe, expect, it } from 'vitest';
import { lookup3 } from './lookup3';

const of = (text: string) => lookup3(new TextEncoder().encode(text));

// From the driver in lookup3.c, by its author; the others are of a length that fills the last block.
describe('lookup3', () => {
  it.each([
    ['', 0xdeadbeef],
    ['Four score and seven years ago', 0x17770551],
  ])('of "%s" is as published', (text, expected) => expect(of(text)).toBe(expected));

  it('sees every byte, and how many there are', () => {
    const texts = [
      'twelve bytes',
      'twelve bytes\0',
      'twelve byte',
      'Twelve bytes',
      'twelve bytes twelve bytes',
    ];
    expect(new Set(texts.map(of)).size).toBe(texts.length);
  });
});
