/** Bytes that are no entry: what is left of one after every accident, and what somebody forged. */
import { endianness } from 'node:os';
import { crc32 } from 'node:zlib';

/** Bytes with the name of what is wrong with them. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Entries that were whole before: cut, lengthened, overwritten, with bits flipped, and with lengths that are absurd. */
export function damaged(whole: Uint8Array): readonly NamedBytes[] {
  const { length } = whole;
  const cuts = new Set([0, 1, 2, 7, 8, 9, 23, 24, 25, length - 1]);
  for (let part = 1; part < 16; part += 1) cuts.add(Math.floor((length * part) / 16));
  const flips = new Set(Array.from({ length: Math.min(64, length) }, (_, at) => at));
  for (let part = 0; part < 64; part += 1) flips.add(Math.floor((length * part) / 64));
  const changed = (name: string, change: (bytes: Uint8Array) => void): NamedBytes => {
    const bytes = whole.slice();
    change(bytes);
    return { name, bytes };
  };
  return [
    ...[...cuts].map((end) => ({ name: `cut after ${end} of ${length} bytes`, bytes: whole.slice(0, end) })),
    ...[...flips].map((at) =>
      changed(`a bit flipped in byte ${at}`, (bytes) => bytes.set([(bytes[at] as number) ^ (1 << (at % 8))], at)),
    ),
    ...[8, 12, 16, 20, 24].map((at) =>
      changed(`a length of 4 GB at ${at}`, (bytes) => bytes.subarray(at, at + 4).fill(0xff)),
    ),
    ...[0, 1, length >> 1].map((start) => changed(`zeros from ${start} on`, (bytes) => bytes.fill(0, start))),
    changed('two halves exchanged', (bytes) => {
      bytes.set(whole.subarray(length >> 1), 0);
      bytes.set(whole.subarray(0, length >> 1), length - (length >> 1));
    }),
    { name: 'a byte that follows', bytes: Buffer.concat([whole, Uint8Array.of(0)]) },
    { name: 'itself once more', bytes: Buffer.concat([whole, whole]) },
    { name: 'a text', bytes: Buffer.from('{"json": true, "and": "long enough to be something"}') },
    { name: 'garbage', bytes: Uint8Array.from({ length: 500 }, (_, at) => (at * at * 31 + 7) % 256) },
    { name: 'only the magic', bytes: whole.slice(0, 8) },
  ];
}

/** Files of our own format with every checksum right, which no version of ours has written. */
export function forged(): readonly NamedBytes[] {
  const graph = (text: string): string => `{"graph":${text},"memory":{"segments":[],"views":[]}}`;
  const text = (name: string, content: string): NamedBytes => ({ name, bytes: frame(content) });
  const head = (name: string, content: unknown): NamedBytes => ({
    name,
    bytes: frame(graph('[["Set",1],[2],1]'), { head: content }),
  });
  const kind = (payload: string): string => graph(`[["Set",1],[2],["@",3],${payload}]`);
  return [
    { name: 'a future version', bytes: frame(graph('[["Set",1],[2],1]'), { version: 2 }) },
    text('a text that is no JSON', '{"graph":[1'),
    text('an empty text', ''),
    text('a text without a graph', '{}'),
    text('null for the graph', '{"graph":null,"memory":null}'),
    text('the key __proto__ in the text', graph('[["Set",1],[2],[3],{"__proto__":4},1]')),
    text('a payload without a kind', kind('{}')),
    text('a payload of an unknown kind', kind('{"kind":4},"submarine"')),
    text('a payload of the kind __proto__', kind('{"kind":4},"__proto__"')),
    text('a payload of the kind constructor', kind('{"kind":4},"constructor"')),
    text('a view that is not there', kind('{"kind":4,"number":5},"view",7')),
    text('an array of absurd length', kind('{"kind":4,"length":5},"array",1e99')),
    text('an unknown tag of devalue', graph('[["Set",1],[2],["toString",1]]')),
    text('an index that is not there', graph('[["Set",1],[99]]')),
    text(
      'memory without its table',
      '{"graph":[["Set",1],[2],["@",3],{"kind":4,"number":5},"view",0],"memory":{"segments":7}}',
    ),
    head('a head without sections', { serializer: 'pickle' }),
    head('a head that is null', null),
    head('an absurd length in the head', { serializer: 'pickle', text: [2 ** 50, 0], buffers: [] }),
    head('a negative length in the head', { serializer: 'pickle', text: [-5, 0], buffers: [] }),
    head('a text for a length in the head', { serializer: 'pickle', text: ['7', 0], buffers: [] }),
    head('an unknown serializer', { serializer: 'marinade', text: [0, 0], buffers: [] }),
    head('__proto__ for the serializer', { serializer: '__proto__', text: [0, 0], buffers: [] }),
  ];
}

/** A file with right checksums around `content`; see `serializers/frame.ts`. */
function frame(content: string, different: { readonly version?: number; readonly head?: unknown } = {}): Uint8Array {
  const text = Buffer.from(content);
  const usual = { serializer: 'pickle', text: [text.length, crc32(text)], buffers: [] };
  const head = Buffer.from(JSON.stringify('head' in different ? different.head : usual));
  const start = Buffer.alloc(24);
  start.set([0x89, 0x46, 0x4c, 0x45, 0x43, 0x48, 0x45, 0x1a]);
  start.writeUInt16LE(different.version ?? 1, 8);
  start.write(endianness(), 10, 'latin1');
  start.writeUInt32LE(head.length, 12);
  start.writeUInt32LE(crc32(head), 16);
  start.writeUInt32LE(crc32(start.subarray(0, 20)), 20);
  return Buffer.concat([start, head, text]);
}
