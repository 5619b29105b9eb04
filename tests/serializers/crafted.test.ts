import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFlecheError } from '../../src/errors.js';
import { cloudpickle, dill, flatten, pickle } from '../../src/serializers/index.js';
import { joined, source } from './bytes.js';

/** A file with this text, with the right checksums, as somebody would make it on purpose. */
function crafted(text: string, change: (head: { [field: string]: unknown }) => unknown = (head) => head): Uint8Array {
  const bytes = Buffer.from(text);
  const head = change({ serializer: 'pickle', text: [bytes.length, crc32(bytes)], buffers: [] });
  const headBytes = Buffer.from(typeof head === 'string' ? head : JSON.stringify(head));
  const start = Buffer.from(joined(pickle.dump(1)).slice(0, 24));
  start.writeUInt32LE(headBytes.length, 12);
  start.writeUInt32LE(crc32(headBytes), 16);
  start.writeUInt32LE(crc32(start.subarray(0, 20)), 20);
  return joined([start, headBytes, bytes]);
}

function reason(bytes: Uint8Array): string {
  try {
    pickle.load(source(bytes));
  } catch (error) {
    if (isFlecheError(error, 'CorruptEntry')) return error.reason;
    throw error;
  }
  return 'it was taken';
}

const graph = (nodes: string): string => `{"graph":[["Set",1],[2],${nodes}],"memory":{"segments":[],"views":[]}}`;

describe('pickle runs no code', () => {
  test.each<[kind: string, nodes: string]>([
    ['function', '["@",3],{"kind":4,"code":5},"function",{}'],
    ['class', '["@",3],{"kind":4,"code":5},"class",{}'],
    ['reference', '["@",3],{"kind":4,"reference":5},"reference",{"from":6,"path":7},"global",[8],"process"'],
    ['prototype of', '["@",3],{"kind":4,"target":5},"prototype of",{}'],
    ['made', '["@",3],{"kind":4,"target":5},"made",{}'],
    ['bound', '["@",3],{"kind":4,"target":5},"bound",{}'],
    ['member', '["@",3],{"kind":4,"target":5},"member",{}'],
    ['object', '["@",3],{"kind":4,"branded":5,"class":6},"object",true,{}'],
  ])('%s', (kind, nodes) => {
    expect(reason(crafted(graph(nodes)))).toBe(`it holds ${kind}, which pickle does not load; cloudpickle does`);
  });

  test('a symbol of its own is for dill', () => {
    expect(reason(crafted(graph('["@",3],{"kind":4},"own symbol"')))).toBe(
      'it holds own symbol, which pickle does not load; dill does',
    );
  });
});

test('a kind of a later version', () => {
  expect(reason(crafted(graph('["@",3],{"kind":4},"quantum"')))).toBe(
    'it holds a kind of value that this version does not know: quantum; a newer fleche wrote it',
  );
});

test.each<[string, (head: { [field: string]: unknown }) => unknown]>([
  ['no JSON', () => '{'],
  ['null', () => 'null'],
  ['no parts', () => ({})],
  ['a negative length', (head) => ({ ...head, buffers: [[-5, 0]] })],
  [
    'lengths that make up for each other',
    (head) => ({
      ...head,
      buffers: [
        [1e15, 0],
        [-1e15, 0],
      ],
    }),
  ],
  ['a length that is none', (head) => ({ ...head, buffers: [['5', 0]] })],
  ['half a length', (head) => ({ ...head, buffers: [[0.5, 0]] })],
])('a head with %s', (_, change) => {
  expect(reason(crafted(graph('1'), change))).toBe('its head says nothing that makes sense');
});

test('an absurd length', () => {
  expect(reason(crafted(graph('1'), (head) => ({ ...head, buffers: [[2 ** 50, 0]] })))).toMatch(/^ends after/);
});

test.each([
  '[]',
  '"x"',
  'null',
  '{"graph":5,"memory":{"segments":[],"views":[]}}',
  graph('["@",2]'),
  graph('["@",3],{"kind":4,"number":5},"view",0'),
  graph('["@",3],{"kind":4,"entries":5},"map",0'),
  graph('["@",3],{"kind":4,"properties":5},"object",[6,6],"__proto__"').replace('"__proto__"', '{}'),
  graph('["Map",2]'),
  `{"graph":${'['.repeat(50_000)}${']'.repeat(50_000)},"memory":{}}`,
])('a graph that makes no sense does no harm: %.60s', (text) => {
  // Refused as corrupt, or some value: no other error.
  expect(reason(crafted(text))).not.toBe('');
});

const value = {
  a: [1, -0, undefined, 'x', 1n, new Date(5), /a/g],
  map: Object.freeze(new Map<unknown, unknown>([[{ k: 1 }, new Set([1, [2]])]])),
  error: new RangeError('bad', { cause: { code: 7 } }),
  bytes: [new Float64Array(40), Uint8Array.of(1, 2)],
  f: new Function('const k = 2, m = { k }; return [(x) => x + k, class A { #n = 1; m() { return m } }]')() as unknown,
};

test.each([pickle, cloudpickle, dill])('changed text is refused or is a value: $name', (serializer) => {
  const { text, buffers } = flatten(serializer === pickle ? { ...value, f: 1 } : value, serializer.name as 'pickle');
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), fc.nat(3), (at, put, cut) => {
      const changed = text.slice(0, at) + put + text.slice(at + cut);
      const bytes = Buffer.from(changed);
      const sections = buffers.map((each) => [each.byteLength, crc32(each)]);
      const whole = joined([
        crafted(changed, () => ({
          serializer: serializer.name,
          text: [bytes.length, crc32(bytes)],
          buffers: sections,
        })),
        ...buffers,
      ]);
      try {
        serializer.load(source(whole));
      } catch (error) {
        expect(isFlecheError(error)).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});
