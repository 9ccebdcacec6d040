/**
 * The text of a file, whose encoding is told by its byte order mark (UTF-8, UTF-16 in both orders), which is left
 * out. Without one it is UTF-8, or, where it cannot be that, what Windows' editors and Excel write in the West.
 */
export function textOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** The lines of a text that hold anything, trimmed. */
export function linesOf(bytes: Uint8Array): string[] {
  const lines = textOf(bytes).split(/\r\n|[\n\r]/);
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}
