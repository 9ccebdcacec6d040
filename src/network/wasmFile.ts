/** First bytes of a file of WebAssembly. */
const magic = [0, 0x61, 0x73, 0x6d];

/** A server's answer, as `fetch` gives it. */
interface Answer {
  readonly ok: boolean;
  readonly status: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * The file of WebAssembly that a server was asked for. Hosts may answer with a page of their own, and success, where
 * it is gone.
 *
 * @throws Error with the reason
 */
export async function wasmFile(response: Answer): Promise<ArrayBuffer> {
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const bytes = await response.arrayBuffer();
  const start = new Uint8Array(bytes, 0, Math.min(magic.length, bytes.byteLength));
  if (!magic.every((byte, index) => start[index] === byte)) throw new Error('the server sent another file');
  return bytes;
}
