import type { WasmLinearMemory } from './web-assembly.js';

const decoder = new TextDecoder();

/** The linear memory of the SQLite module. Its buffer is replaced whenever it grows, so views are never kept outside. */
export class WasmMemory {
  #memory: WasmLinearMemory | undefined;
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#bytes.buffer);

  attach(memory: WasmLinearMemory): void {
    this.#memory = memory;
  }

  get bytes(): Uint8Array {
    this.#refresh();
    return this.#bytes;
  }

  get view(): DataView {
    this.#refresh();
    return this.#view;
  }

  /** The NUL-terminated UTF-8 text at `pointer`. */
  text(pointer: number): string {
    const { bytes } = this;
    return decoder.decode(bytes.subarray(pointer, bytes.indexOf(0, pointer)));
  }

  #refresh(): void {
    const buffer = this.#memory?.buffer;
    if (buffer === undefined || buffer === this.#bytes.buffer) return;
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }
}
