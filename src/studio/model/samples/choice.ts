/** The sample that a first visit shows: the quicker one to measure. */
export const firstSample = 'vgg';

/** Which sample a link asks for: `?sample=residual`; null for `?sample=none`. */
export function sampleFrom(query: string): string | null {
  const asked = new URLSearchParams(query).get('sample') ?? firstSample;
  return asked === 'none' ? null : asked;
}
