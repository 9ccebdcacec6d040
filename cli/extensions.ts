import { pathToFileURL } from 'node:url';

/** Addresses of modules that list more in the registries, from `ENC_EXTENSIONS`: files with commas between them. */
export function extensionModules(text = process.env.ENC_EXTENSIONS ?? ''): readonly string[] {
  const names = text.split(',').filter((name) => name.trim() !== '');
  return names.map((name) => (name.startsWith('file:') ? name : pathToFileURL(name.trim()).href));
}

/** Loads modules one after the other, so that what they list stands in their order. */
export async function loadModules(modules: readonly string[]): Promise<void> {
  for (const module of modules) await import(module);
}
