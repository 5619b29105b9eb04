/**
 * Output on its way to the clients. Text is gathered for a moment, for the Jupyter server throws away what is over 1000
 * messages a second; every other message is sent after the text that was written before it.
 */
import { StringDecoder } from 'node:string_decoder';
import { OutputLimit } from '../display/output-limit.js';
import type { Content, Header } from './protocol-messages.js';

/** How long text is gathered, in milliseconds. */
const GATHER_MS = 40;
/** How much text is gathered, in UTF-16 units. */
const GATHER_UNITS = 1 << 16;

interface Pending {
  readonly name: 'stdout' | 'stderr';
  readonly parent: Header | undefined;
  text: string;
}

/** Gathers text and publishes it on iopub. */
export class Streams {
  readonly #publish: (type: string, content: Content, parent: Header | undefined) => void;
  readonly #decoders = new Map<string, StringDecoder>();
  readonly #limit = new OutputLimit();
  /** What is to be shown in places that are there already, by their ids. */
  readonly #updates = new Map<string, { readonly content: Content; readonly parent: Header | undefined }>();
  #pending: Pending | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(publish: (type: string, content: Content, parent: Header | undefined) => void) {
    this.#publish = publish;
  }

  /** Takes bytes that a cell has written; characters may be cut anywhere. */
  bytes(cell: number, isError: boolean, bytes: Uint8Array, parent: Header | undefined): void {
    const name = isError ? 'stderr' : 'stdout';
    const key = `${cell}.${name}`;
    let decoder = this.#decoders.get(key);
    if (decoder === undefined) {
      decoder = new StringDecoder();
      this.#decoders.set(key, decoder);
    }
    const text = decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    this.text(name, this.#limit.allowed(cell, name, text), parent);
  }

  /** Takes text for the cell whose request is `parent`. */
  text(name: 'stdout' | 'stderr', text: string, parent: Header | undefined): void {
    if (text === '') return;
    if (this.#pending?.name !== name || this.#pending.parent !== parent) {
      this.flush();
      this.#pending = { name, parent, text: '' };
    }
    const pending = this.#pending as Pending;
    pending.text += text;
    if (pending.text.length >= GATHER_UNITS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  /** Takes what is to be shown in a place; of those that come within a moment the last counts. */
  update(id: string, content: Content, parent: Header | undefined): void {
    this.#updates.set(id, { content, parent });
    this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  /** A cell has ended: of text that was too much the end is shown. */
  ended(cell: number, parent: Header | undefined): void {
    for (const { name, text } of this.#limit.ended(cell)) this.text(name, text, parent);
  }

  /** What a cell has shown has been cleared. */
  cleared(cell: number): void {
    this.#limit.cleared(cell);
  }

  /** Publishes what has been gathered. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending) this.#publish('stream', { name: pending.name, text: pending.text }, pending.parent);
    for (const { content, parent } of this.#updates.values()) this.#publish('update_display_data', content, parent);
    this.#updates.clear();
  }
}
