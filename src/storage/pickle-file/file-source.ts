import { fstatSync, readSync } from 'node:fs';
import { CorruptEntryError } from '../../errors.js';
import type { ByteSource } from '../../serializers/types.js';

/** What is read ahead in one go: nearly all entries are smaller. */
const aheadBytes = 1 << 14;

/** Node reads no more than this at once. */
const mostBytes = 1 << 30;

/** An open file as a source: its beginning is read at once, the rest straight to where it belongs. */
export class FileSource implements ByteSource {
  readonly location: string;
  readonly sizeBytes: number;
  readonly #descriptor: number;
  readonly #ahead: Uint8Array;

  constructor(descriptor: number, location: string) {
    this.#descriptor = descriptor;
    this.location = location;
    this.sizeBytes = fstatSync(descriptor).size;
    this.#ahead = Buffer.allocUnsafe(Math.min(this.sizeBytes, aheadBytes));
    this.#fill(this.#ahead, 0);
  }

  /** Whether the file starts with the two bytes of gzip. */
  get isGzip(): boolean {
    return this.#ahead[0] === 0x1f && this.#ahead[1] === 0x8b;
  }

  read(target: Uint8Array, position: number): void {
    const ahead = this.#ahead.subarray(position, position + target.byteLength);
    target.set(ahead);
    if (ahead.byteLength < target.byteLength) {
      this.#fill(target.subarray(ahead.byteLength), position + ahead.byteLength);
    }
  }

  #fill(target: Uint8Array, position: number): void {
    for (let done = 0; done < target.byteLength; ) {
      const length = Math.min(target.byteLength - done, mostBytes);
      const got = readSync(this.#descriptor, target, done, length, position + done);
      if (got === 0) {
        const reason = `ends after ${position + done} of ${this.sizeBytes} bytes`;
        throw new CorruptEntryError({ location: this.location, reason });
      }
      done += got;
    }
  }
}
