import { createHash, createSecretKey } from 'node:crypto';
import { Server, Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { runInNewContext } from 'node:vm';
import { type NamedValue, script, valuesOf } from './named-value.js';

const weak = valuesOf('weak references');
const running = valuesOf('promises, generators and iterators');
const proxies = valuesOf('proxies');
const bound = valuesOf('functions that cannot be read');
const platform = valuesOf('objects of the platform');

/** The compiler's libraries declare it for browsers only. */
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: { readonly [name in 'Module' | 'Instance' | 'Memory']: new (from: object) => object };
};
const emptyModule = (): object => new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));

/** What only the process that made it can use, or what keeps its state where nobody can read it. */
export const impossible: readonly NamedValue[] = [
  weak.impossible('a WeakMap', () => new WeakMap([[{}, 1]])),
  weak.impossible('a WeakSet', () => new WeakSet([{}])),
  weak.impossible('a WeakRef', () => new WeakRef({})),
  weak.impossible('a FinalizationRegistry', () => new FinalizationRegistry(() => {})),
  running.impossible('a pending promise', () => new Promise(() => {})),
  running.impossible('a fulfilled promise', () => Promise.resolve(1)),
  running.impossible('a running generator', () =>
    (function* () {
      yield 1;
    })(),
  ),
  running.impossible('a running async generator', () =>
    (async function* () {
      yield 1;
    })(),
  ),
  running.impossible('an iterator of an array', () => [1, 2][Symbol.iterator]()),
  running.impossible('an iterator of a Map', () => new Map([[1, 2]]).entries()),
  running.impossible('an iterator of a Set', () => new Set([1]).values()),
  running.impossible('an iterator of a text', () => 'ab'[Symbol.iterator]()),
  running.impossible('an iterator of matches', () => 'ab'.matchAll(/./g)),
  proxies.impossible('a Proxy of an object', () => new Proxy({ a: 1 }, {})),
  proxies.impossible('a Proxy of an array', () => new Proxy([1], {})),
  proxies.impossible('a Proxy of a function', () => new Proxy(() => 1, {})),
  proxies.impossible('a Proxy that was revoked', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  }),
  bound.impossible('an arrow that uses the `this` around it', () =>
    script('return (function () { return () => this.n }).call({ n: 1 })'),
  ),
  bound.impossible('an arrow that uses the `arguments` around it', () =>
    script('return (function () { return () => arguments.length })(1, 2)'),
  ),
  bound.impossible('a method that uses super', () => script('return ({ m() { return super.toString() } }).m')),
  bound.impossible('a function that uses eval', () => script('const n = 1; return () => eval("n")')),
  bound.impossible('a function inside a Promise', () => {
    let resolve: unknown;
    new Promise((done) => {
      resolve = done;
    });
    return resolve;
  }),
  platform.impossible('an arguments object', () => script('return (function () { return arguments })(1, 2)')),
  platform.impossible('a strict arguments object', () =>
    script('"use strict"; return (function () { return arguments })(1)'),
  ),
  platform.impossible('an object of another realm', () => runInNewContext('({ a: 1 })') as unknown),
  platform.impossible('an Intl.Collator', () => new Intl.Collator('de')),
  platform.impossible('an Intl.NumberFormat', () => new Intl.NumberFormat('de')),
  platform.impossible('an Intl.DateTimeFormat', () => new Intl.DateTimeFormat('de')),
  platform.impossible('Headers', () => new Headers({ a: 'b' })),
  platform.impossible('a Request', () => new Request('https://example.org')),
  platform.impossible('a Response', () => new Response('body')),
  platform.impossible('FormData', () => new FormData()),
  platform.impossible('a Blob', () => new Blob(['x'])),
  platform.impossible('an AbortController', () => new AbortController()),
  platform.impossible('an AbortSignal', () => AbortSignal.abort()),
  platform.impossible('an Event', () => new Event('x')),
  platform.impossible('a TextEncoder', () => new TextEncoder()),
  platform.impossible('a TextDecoder', () => new TextDecoder()),
  platform.impossible('a ReadableStream', () => new ReadableStream()),
  platform.impossible('a DOMException', () => new DOMException('stop', 'AbortError')),
  platform.impossible('a secret key', () => createSecretKey(Buffer.alloc(16))),
  platform.impossible('a hash at work', () => createHash('sha256').update('x')),
  platform.impossible('a stream', () => new PassThrough()),
  platform.impossible('a socket', () => new Socket()),
  platform.impossible('a server', () => new Server()),
  platform.impossible('a timer', () => {
    const timer = setTimeout(() => {}, 1);
    clearTimeout(timer);
    return timer;
  }),
  platform.impossible('a WebAssembly.Module', emptyModule),
  platform.impossible('a WebAssembly.Instance', () => new WebAssembly.Instance(emptyModule())),
  platform.impossible('a WebAssembly.Memory', () => new WebAssembly.Memory({ initial: 1 })),
];
