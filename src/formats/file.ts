/** A file as the person gave it: its name (or path inside a folder) and its bytes. */
export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}
