/**
 * The memory that both threads of the kernel see: a few words, the text of an answered prompt, and a ring of output text.
 */

/** What each word of the shared memory means. */
export const Word = {
  /** A {@link Phase}: whether the main thread is inside a segment of user code. */
  phase: 0,
  /** Number of the cell that is to be interrupted; 0: none. Negative: it has been, but the event loop has not turned yet. */
  interrupt: 1,
  /** Position up to which output has been written into the ring. */
  head: 2,
  /** Position up to which output has been read from the ring. */
  tail: 3,
  /** 1: the reader looks no more by itself and must be woken by a message. */
  asleep: 4,
  /** A {@link Prompt}. */
  prompt: 5,
  /** Length of the answer to a prompt, in bytes. */
  answerLength: 6,
  /** 1: the front has closed its sockets, the process may end. */
  closed: 7,
  /** 1: the next loop that checks is to be stopped, whichever cell it belongs to. */
  anyone: 8,
  /** 1: the clients do not read; code that shows something waits. */
  congested: 9,
  /** Number of the last message that the main thread has sent. */
  sent: 10,
  /** Since when the main thread waits for a child process, blocked; hundredths of a second from the system's start. 0: it does not. */
  waitsForChild: 11,
} as const;

/** Values of `Word.phase`. A SIGINT may be sent only by who has turned `inside` into `signalled`. */
export const Phase = { outside: 0, inside: 1, signalled: 2 } as const;

/** Values of `Word.prompt`. */
export const Prompt = { waiting: 0, answered: 1, interrupted: 2, none: 3 } as const;

/** Name of the symbol under which the main thread offers to empty Node's stack of asynchronous contexts. */
export const CLEAR_STACK = 'fleche.kernel.clearAsyncStack';

const WORDS = 16;
const ANSWER_BYTES = 1 << 16;

/** Size of the output ring in bytes. */
export const RING_BYTES: number = 1 << 20;

/** Views of one shared memory. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  readonly words: Int32Array;
  /** Text of the answer to a prompt, UTF-8. */
  readonly answer: Buffer;
  readonly ring: Buffer;
}

/** New shared memory, or views of memory that the other thread made. */
export function sharedMemory(
  buffer: SharedArrayBuffer = new SharedArrayBuffer(WORDS * 4 + ANSWER_BYTES + RING_BYTES),
): SharedMemory {
  return {
    buffer,
    words: new Int32Array(buffer, 0, WORDS),
    answer: Buffer.from(buffer, WORDS * 4, ANSWER_BYTES),
    ring: Buffer.from(buffer, WORDS * 4 + ANSWER_BYTES, RING_BYTES),
  };
}
