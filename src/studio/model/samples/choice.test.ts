import { expect, it } from 'vitest';
import { firstSample, sampleFrom } from './choice';

it.each([
  ['', firstSample],
  ['?target=0.5', firstSample],
  ['?sample=residual&target=0.5', 'residual'],
  ['?sample=none', null],
])('reads %j', (query, sample) => expect(sampleFrom(query)).toBe(sample));
