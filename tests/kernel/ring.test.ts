import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { RING_BYTES, sharedMemory, Word } from '../../kernel-extension/shared/memory.js';
import { ringReader, ringWriter } from '../../kernel-extension/shared/ring.js';

function ends() {
  const memory = sharedMemory();
  const read: string[] = [];
  const received = { number: 0 };
  const drain = ringReader(
    memory,
    () => received.number,
    (cell, isError, bytes) => read.push(`${cell}${isError ? '!' : ':'}${bytes}`),
  );
  let woken = 0;
  const writer = ringWriter(memory, () => {
    woken++;
    drain();
  });
  return { memory, read, drain, writer, received, woken: () => woken };
}

describe('the ring of output', () => {
  it('gives texts in their order, with cell and stream, up to a position', () => {
    const { read, drain, writer } = ends();
    writer.write(1, false, 'a');
    writer.write(2, true, Buffer.from('é'));
    const position = writer.position();
    writer.write(1, false, 'later');
    expect(drain(position)).toBe(true);
    expect(read).toEqual(['1:a', '2!é']);
    expect(drain()).toBe(true);
    expect(drain()).toBe(false);
    // A message that was sent before what has been read by now must not make it go round.
    expect(drain(position)).toBe(false);
    expect(read).toEqual(['1:a', '2!é', '1:later']);
  });

  it('holds back what was written after a message that has not arrived', () => {
    const { memory, read, drain, writer, received } = ends();
    writer.write(1, false, 'before');
    Atomics.store(memory.words, Word.sent, 1);
    writer.write(1, false, 'after');
    writer.write(1, true, 'and more');
    Atomics.store(memory.words, Word.sent, 2);
    writer.write(2, false, 'last');
    expect([drain(), drain()]).toEqual([true, false]);
    expect(read).toEqual(['1:before']);
    received.number = 1;
    drain();
    expect(read.slice(1)).toEqual(['1:after', '1!and more']);
    received.number = 2;
    drain();
    expect(read.at(-1)).toBe('2:last');
  });

  it('goes round many times, and makes room when it is full', () => {
    const { memory, read, drain, writer, woken } = ends();
    const text = 'x'.repeat(100_003);
    const sizes: number[] = [];
    for (let i = 0; i < 100; i++) writer.write(i, false, text);
    drain();
    for (const record of read) sizes.push(record.length);
    expect(read.map((record) => record.slice(record.indexOf(':') + 1)).join('')).toBe(text.repeat(100));
    expect(woken()).toBeGreaterThan(0);
    expect(Atomics.load(memory.words, Word.head)).toBeGreaterThan(9 * RING_BYTES);
  });

  it('counts beyond the end of its positions', () => {
    const memory = sharedMemory();
    const read: string[] = [];
    Atomics.store(memory.words, Word.head, 2 ** 30 - 5);
    Atomics.store(memory.words, Word.tail, 2 ** 30 - 5);
    const drain = ringReader(
      memory,
      () => 0,
      (_, __, bytes) => read.push(String(bytes)),
    );
    expect(drain()).toBe(false);
    ringWriter(memory, () => {}).write(1, false, 'hello');
    expect(drain()).toBe(true);
    expect(read).toEqual(['hello']);
  });

  it('holds whole texts only, also when writes are broken off anywhere', () => {
    const memory = sharedMemory();
    const writer = ringWriter(memory, () => {});
    const text = 'y'.repeat(20_000);
    const writeAndForget = () => {
      writer.write(3, true, text);
      Atomics.store(memory.words, Word.tail, Atomics.load(memory.words, Word.head));
    };
    const endless = new vm.Script('for (;;) writeAndForget();');
    const context = vm.createContext({ writeAndForget });
    for (let i = 0; i < 100; i++) {
      // As an interrupt does, the time-out ends the script wherever it is.
      expect(() => endless.runInContext(context, { timeout: 2 })).toThrow('timed out');
      const read: string[] = [];
      const drain = ringReader(
        memory,
        () => 0,
        (cell, _, bytes) => read.push(`${cell} ${bytes}`),
      );
      writer.write(4, false, `after ${i}`);
      drain();
      expect(read.filter((record) => record !== `3 ${text}`)).toEqual([`4 after ${i}`]);
    }
  });
});
