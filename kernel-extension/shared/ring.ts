/**
 * Output text from the main thread to the front, through shared memory: a cell that blocks the main thread still streams,
 * nothing piles up in its heap, and a full ring makes it wait.
 * A record is: length (int32), cell * 2 + (1 for stderr) (int32), number of the message that was sent last before it (int32),
 * bytes. Positions count up modulo 2^30.
 */
import { awaitRoom } from './congestion.js';
import { RING_BYTES, type SharedMemory, Word } from './memory.js';

const POSITIONS = 2 ** 30;
const HEADER_BYTES = 12;
const RECORD_BYTES = 1 << 16;

/** The end of the ring that the main thread writes to. */
export interface RingWriter {
  /** Writes the output of a cell; waits while the ring is full. */
  write(cell: number, isError: boolean, text: string | Uint8Array): void;
  /** The position after all that has been written. */
  position(): number;
}

/**
 * Opens the writing end. `wake` is called when the reader sleeps or has to make room.
 *
 * An interrupt may break off a write anywhere, so nothing is remembered outside of the shared memory: a record counts from
 * the moment when the position moves, and one that was broken off before is overwritten.
 */
export function ringWriter(memory: SharedMemory, wake: () => void): RingWriter {
  const { words, ring } = memory;
  // One for all records: a line of output makes no garbage of its own.
  const header = Buffer.alloc(HEADER_BYTES);
  const put = (at: number, bytes: Buffer): number => {
    const offset = at % RING_BYTES;
    const first = Math.min(bytes.length, RING_BYTES - offset);
    bytes.copy(ring, offset, 0, first);
    bytes.copy(ring, 0, first);
    return (at + bytes.length) % POSITIONS;
  };
  const waitForRoom = (head: number, needed: number): void => {
    for (;;) {
      const tail = Atomics.load(words, Word.tail);
      if (((head - tail + POSITIONS) % POSITIONS) + needed <= RING_BYTES) return;
      wake();
      Atomics.wait(words, Word.tail, tail, 100);
    }
  };
  return {
    position: () => Atomics.load(words, Word.head),
    write(cell, isError, text) {
      const all =
        typeof text === 'string' ? Buffer.from(text) : Buffer.from(text.buffer, text.byteOffset, text.byteLength);
      for (let from = 0; from < all.length; from += RECORD_BYTES) {
        const bytes = all.subarray(from, from + RECORD_BYTES);
        awaitRoom(memory);
        header.writeInt32LE(bytes.length, 0);
        header.writeInt32LE(cell * 2 + (isError ? 1 : 0), 4);
        header.writeInt32LE(Atomics.load(words, Word.sent), 8);
        const head = Atomics.load(words, Word.head);
        waitForRoom(head, bytes.length + HEADER_BYTES);
        Atomics.store(words, Word.head, put(put(head, header), bytes));
        if (Atomics.exchange(words, Word.asleep, 0) === 1) wake();
      }
    },
  };
}

/**
 * Opens the reading end. The result reads what has been written, up to position `until` (default: all), hands it to
 * `emit` and tells whether there was anything. It stops before what was written after a message that has not arrived yet.
 *
 * @param received The number of the message that has arrived last.
 */
export function ringReader(
  { words, ring }: SharedMemory,
  received: () => number,
  emit: (cell: number, isError: boolean, bytes: Buffer) => void,
): (until?: number) => boolean {
  let tail = Atomics.load(words, Word.tail);
  const bytesAt = (position: number, count: number): Buffer => {
    const offset = position % RING_BYTES;
    const bytes = Buffer.allocUnsafe(count);
    const first = Math.min(count, RING_BYTES - offset);
    ring.copy(bytes, 0, offset, offset + first);
    ring.copy(bytes, first, 0, count - first);
    return bytes;
  };
  return (until = Atomics.load(words, Word.head)) => {
    let any = false;
    // A position that has been passed already looks like one that lies nearly 2^30 ahead.
    while (tail !== until && (until - tail + POSITIONS) % POSITIONS <= RING_BYTES) {
      const header = bytesAt(tail, HEADER_BYTES);
      if (header.readInt32LE(8) > received()) break;
      any = true;
      const key = header.readInt32LE(4);
      const length = header.readInt32LE(0);
      const bytes = bytesAt(tail + HEADER_BYTES, length);
      tail = (tail + HEADER_BYTES + length) % POSITIONS;
      Atomics.store(words, Word.tail, tail);
      Atomics.notify(words, Word.tail);
      emit(key >> 1, (key & 1) === 1, bytes);
    }
    return any;
  };
}
