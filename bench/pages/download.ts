/** A file that the benchmark lays down for its page. */
export async function download(name: string): Promise<{ name: string; bytes: Uint8Array }> {
  const response = await fetch(`/data/${name}`);
  return { name, bytes: new Uint8Array(await response.arrayBuffer()) };
}
