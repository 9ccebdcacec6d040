/** One file as the person gave it: its name (with folders where it came from one) and all of its bytes. */
export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The file's name without its folders: `nets/a.onnx` → `a.onnx`. */
export function baseName(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
}

/** The file's name without folders and ending: `nets/a.onnx` → `a`. */
export function stem(name: string): string {
  return baseName(name).replace(/(?<=.)\.[^.]*$/, '');
}

/** A number of bytes for a person: 1234567 → `1,234,567 bytes`. */
export function bytesText(count: number): string {
  return `${count.toLocaleString('en-US')} byte${count === 1 ? '' : 's'}`;
}
