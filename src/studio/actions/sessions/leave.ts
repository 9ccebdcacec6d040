const key = 'enc-studio-keeps-files';

/** Whether a person lets the browser keep files; null while nobody has said. */
export function keepsFilesAsSaid(): boolean | null {
  try {
    const said = localStorage.getItem(key);
    return said === null ? null : said === 'yes';
  } catch {
    // A browser that remembers nothing asks again.
    return null;
  }
}

export function sayKeepsFiles(keeps: boolean): void {
  try {
    localStorage.setItem(key, keeps ? 'yes' : 'no');
  } catch {
    // It holds for this page, then.
  }
}
