/** More files than this are not taken from one folder: reading them would fill the memory first. */
const maxFiles = 100_000;

/** Paths of files that came out of dropped folders, which browsers do not note on the files themselves. */
const paths = new WeakMap<File, string>();

/** A file's name with the folders it came from, as far as the browser or {@link droppedFiles} knows them. */
export function pathOf(file: File): string {
  return paths.get(file) ?? (file.webkitRelativePath || file.name);
}

/**
 * All files of a drop, those inside dropped folders included. Must be called in the drop event itself:
 * browsers forget what was dropped right after it.
 */
export function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const known = entries.filter((entry) => entry !== null);
  // Text that was dragged, or a browser that knows no entries: what it lists as files.
  if (known.length === 0) return Promise.resolve([...transfer.files]);
  return filesOf(known);
}

async function filesOf(entries: readonly FileSystemEntry[]): Promise<File[]> {
  const files: File[] = [];
  let waiting = [...entries];
  for (let entry = waiting.shift(); entry && files.length < maxFiles; entry = waiting.shift()) {
    if (entry.isFile) files.push(await fileOf(entry as FileSystemFileEntry));
    else waiting = waiting.concat(await childrenOf(entry as FileSystemDirectoryEntry));
  }
  return files;
}

async function fileOf(entry: FileSystemFileEntry): Promise<File> {
  const file = await new Promise<File>((resolve, reject) => {
    entry.file(resolve, reject);
  });
  paths.set(file, entry.fullPath.replace(/^\//, ''));
  return file;
}

/** Browsers hand a folder's entries out in portions; an empty one is the last. */
async function childrenOf(entry: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = entry.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (portion.length === 0) return all.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of portion) all.push(entry);
  }
}
