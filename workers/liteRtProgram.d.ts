declare module '@litertjs/core/wasm/litert_wasm_compat_internal.js' {
  const program: (settings: object) => Promise<unknown>;
  export default program;
}
