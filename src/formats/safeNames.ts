/** Deeper folders than any system keeps; everything that looks at names looks at their parts. */
const maxParts = 100;

/**
 * Why a name that a file gives for another one must not be followed, as the end of a sentence ("… which is an
 * absolute path"); null where it is a plain relative path.
 */
export function unsafeNameReason(name: string): string | null {
  if (name === '') return 'is empty';
  if ([...name].some((character) => character.charCodeAt(0) < 32)) return 'holds control characters';
  if (/^([/\\]|[a-z]:|[a-z][a-z0-9+.-]*:\/\/)/i.test(name)) return 'is an absolute path';
  const parts = name.split(/[/\\]/);
  if (parts.length > maxParts) return `leads through more than ${maxParts} folders`;
  return parts.includes('..') ? 'leads out of its folder' : null;
}
