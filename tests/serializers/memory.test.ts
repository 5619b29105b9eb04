import { describe, expect, test } from 'vitest';
import { flatten, pickle, restore } from '../../src/serializers/index.js';
import { joined, roundTrip } from './bytes.js';

function size(value: unknown): number {
  return joined(pickle.dump(value)).length;
}

describe('views', () => {
  test('a small view of a large buffer writes what it shows', () => {
    const large = new ArrayBuffer(1_000_000);
    const view = new Float64Array(large, 80, 100).fill(1.5);
    expect(size(view)).toBeLessThan(1500);
    const back = roundTrip(pickle, view);
    expect(back).toEqual(view);
    expect(back.byteOffset).toBe(0);
  });

  test('views of one buffer share it again', () => {
    const buffer = new ArrayBuffer(4096);
    const value = { a: new Uint8Array(buffer), b: new Float64Array(buffer, 512, 8), c: new DataView(buffer, 100, 50) };
    value.b[0] = 7;
    const back = roundTrip(pickle, value);
    expect(back).toEqual(value);
    expect(back.b.buffer).toBe(back.a.buffer);
    expect(back.c.buffer).toBe(back.a.buffer);
    back.b[1] = 9;
    expect(new Float64Array(back.a.buffer, 512)[1]).toBe(9);
    expect(size(value)).toBeLessThan(4700);
  });

  test('views of one part of a large buffer share that part', () => {
    const buffer = new ArrayBuffer(1_000_000);
    const value = [new Uint8Array(buffer, 5003, 10).fill(1), new Uint32Array(buffer, 5008, 100).fill(2)] as const;
    expect(size(value)).toBeLessThan(1500);
    const [bytes, words] = roundTrip(pickle, value);
    expect([bytes, words]).toEqual([...value]);
    expect(bytes.buffer).toBe(words.buffer);
    expect(words.byteOffset - bytes.byteOffset).toBe(5);
    words[0] = 0xffffffff;
    expect(bytes[5]).toBe(255);
  });

  test('the buffer itself is whole, and its views are at their places', () => {
    const buffer = new ArrayBuffer(1000);
    const back = roundTrip(pickle, { view: new Uint8Array(buffer, 10, 4), buffer });
    expect(back.buffer.byteLength).toBe(1000);
    expect(back.view.buffer).toBe(back.buffer);
    expect(back.view.byteOffset).toBe(10);
  });

  test('Buffers from the pool take nothing of their neighbours along', () => {
    const secret = Buffer.from('a secret that stands next to it');
    const value = [Buffer.from('one'), Buffer.from('two')] as const;
    expect(value[0].buffer).toBe(secret.buffer);
    const bytes = Buffer.from(joined(pickle.dump(value)));
    expect(bytes.length).toBeLessThan(600);
    expect(bytes.includes(Buffer.from('a secret').toString('base64').slice(0, 10))).toBe(false);
    const back = roundTrip(pickle, value);
    expect(back).toEqual(value);
    expect(Buffer.isBuffer(back[0])).toBe(true);
  });

  test('Buffers that overlap share memory again', () => {
    const whole = Buffer.alloc(400, 1);
    const back = roundTrip(pickle, { whole, part: whole.subarray(100, 200) });
    back.part[0] = 9;
    expect(back.whole[100]).toBe(9);
  });

  test('empty views and buffers', () => {
    const value = [
      new Uint8Array(0),
      new Float64Array(new ArrayBuffer(64), 64, 0),
      new DataView(new ArrayBuffer(3), 3),
    ];
    expect(roundTrip(pickle, value)).toEqual(value);
  });
});

describe('taken apart for storages', () => {
  test('large buffers stand beside the text and are not copied', () => {
    const big = new Float64Array(100).fill(2);
    const { text, buffers } = flatten({ big, small: Uint8Array.of(1) }, 'pickle');
    expect(buffers).toHaveLength(1);
    expect(buffers[0]?.buffer).toBe(big.buffer);
    expect(text).toContain('"AQ=="');
  });

  test('fresh buffers are adopted, parts of others copied', () => {
    const { text, buffers } = flatten({ big: new Float64Array(100).fill(2) }, 'pickle');
    const fresh = buffers.map((bytes) => new Uint8Array(bytes));
    const back = restore({ text, buffers: fresh }, 'pickle') as { big: Float64Array };
    expect(back.big.buffer).toBe(fresh[0]?.buffer);
    const part = new Uint8Array(2000).subarray(100, 900);
    const copied = restore({ text, buffers: [part] }, 'pickle') as { big: Float64Array };
    expect(copied.big.buffer).not.toBe(part.buffer);
    expect(copied.big).toHaveLength(100);
  });

  test.each([
    '',
    '{',
    '{}',
    '{"graph":[],"memory":{}}',
    '{"graph":[["@",1],{"kind":2},"nonsense"],"memory":{"segments":[],"views":[]}}',
  ])('text that is none: %s', (text) => {
    expect(() => restore({ text, buffers: [] }, 'pickle')).toThrow(TypeError);
  });
});
