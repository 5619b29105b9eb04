/** The part of the global `WebAssembly` that is used; the compiler's libraries declare it for browsers only. */
interface WebAssemblyApi {
  readonly Module: { imports(module: WasmModule): readonly { readonly module: string; readonly name: string }[] };
  readonly Instance: new (module: WasmModule, imports: object) => WasmInstance;
  readonly Memory: abstract new () => WasmLinearMemory;
  compile(bytes: Uint8Array): Promise<WasmModule>;
}

/** A compiled module. */
export interface WasmModule {
  readonly [Symbol.toStringTag]: string;
}
/** A module with its memory, ready to run. */
export interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}
/** The bytes a module works on; another buffer after each growth. */
export interface WasmLinearMemory {
  readonly buffer: ArrayBuffer;
}

/** The engine of Node that runs WebAssembly. */
export const wasm: WebAssemblyApi = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
