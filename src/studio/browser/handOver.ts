/** Hands a file to the browser. */
export function handOver(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser reads the blob after this task; a minute is ample.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
