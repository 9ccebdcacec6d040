/** What is used of it; the pure folders are compiled without the browser's types. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly host: { readonly memory: object } },
  ) => { readonly exports: Readonly<Record<string, unknown>> };
};

const pageBytes = 65_536;

/** Memory that WebAssembly and JavaScript share. */
export interface SharedMemory {
  readonly buffer: ArrayBuffer;
}

/** Functions of a compiled module; they take addresses in bytes and counts. */
export type Program = Readonly<Record<string, (...values: readonly number[]) => void>>;

/** Memory of at least so many bytes, all of them zero. */
export function openMemory(bytes: number): SharedMemory {
  return new WebAssembly.Memory({ initial: Math.max(1, Math.ceil(bytes / pageBytes)) });
}

/** Compiles a module for use with several memories; null where it has instructions that the machine lacks. */
export function compiled(bytes: Uint8Array): object | null {
  try {
    return new WebAssembly.Module(bytes);
  } catch {
    return null;
  }
}

/** The functions of a module, working on a memory. */
export function programOf(module: object, memory: SharedMemory): Program {
  return new WebAssembly.Instance(module, { host: { memory } }).exports as Program;
}
