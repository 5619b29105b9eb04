/** Back-pressure from the clients: while they do not read, code that shows something waits, as with a full pipe. */
import { type SharedMemory, Word } from './memory.js';

/** How long the main thread sleeps between two looks for an interrupt, in milliseconds. */
const LOOK_MS = 50;

/** The front tells whether more is on its way to the clients than it should hold. */
export function setCongested({ words }: SharedMemory, isCongested: boolean): void {
  Atomics.store(words, Word.congested, isCongested ? 1 : 0);
  Atomics.notify(words, Word.congested);
}

/** The main thread waits until there is room; an interrupted cell goes on, to be stopped. */
export function awaitRoom({ words }: SharedMemory): void {
  while (Atomics.load(words, Word.congested) === 1 && Atomics.load(words, Word.interrupt) <= 0) {
    Atomics.wait(words, Word.congested, 1, LOOK_MS);
  }
}
