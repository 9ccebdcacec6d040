/** @throws Error where two lists that belong together differ in length, which is a fault of the caller */
export function requireLength(what: string, found: number, expected: number): void {
  if (found !== expected) throw new Error(`answers: expected ${expected} ${what}, got ${found}`);
}
