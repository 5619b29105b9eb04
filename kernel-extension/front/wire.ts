/** Messages as frames: `[…identities, <IDS|MSG>, signature, header, parent_header, metadata, content, …buffers]`. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Message, Route } from './protocol-messages.js';

const DELIMITER = Buffer.from('<IDS|MSG>');

/** Signs and reads messages with the key of a connection file. */
export class Wire {
  readonly #key: string;

  /** @param key Shared with the clients; empty: messages are not signed. */
  constructor(key: string) {
    this.#key = key;
  }

  /** The frames of a message. */
  encode(message: Message, route: Route): Uint8Array[] {
    const parts = [message.header, message.parent_header, message.metadata, message.content].map((part) =>
      Buffer.from(JSON.stringify(part)),
    );
    return [...route, DELIMITER, Buffer.from(this.#sign(parts)), ...parts];
  }

  /** Reads a message; `undefined` if it is none of ours: no delimiter, wrong signature, not JSON. */
  decode(frames: readonly Buffer[]): { readonly message: Message; readonly route: Route } | undefined {
    const at = frames.findIndex((frame) => frame.equals(DELIMITER));
    const parts = frames.slice(at + 2, at + 6);
    const signature = frames[at + 1];
    if (at < 0 || signature === undefined || parts.length < 4) return undefined;
    const expected = Buffer.from(this.#sign(parts));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return undefined;
    try {
      const [header, parent_header, metadata, content] = parts.map((part) => JSON.parse(part.toString()));
      if (typeof header?.msg_type !== 'string' || typeof content !== 'object' || content === null) return undefined;
      return { message: { header, parent_header, metadata, content }, route: frames.slice(0, at) };
    } catch {
      return undefined;
    }
  }

  #sign(parts: readonly Uint8Array[]): string {
    if (this.#key === '') return '';
    const hmac = createHmac('sha256', this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }
}
