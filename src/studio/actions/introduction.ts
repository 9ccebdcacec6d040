const key = 'enc-introduced';

/** Whether nobody has seen the page in this browser before; not where the browser keeps nothing to tell by. */
export function isFirstVisit(): boolean {
  try {
    return localStorage.getItem(key) === null;
  } catch {
    return false;
  }
}

/** Remembers that the page need not be explained again. */
export function rememberVisit(): void {
  try {
    localStorage.setItem(key, 'yes');
  } catch {
    // Then it is explained again next time.
  }
}
