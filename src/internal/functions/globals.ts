/** The names that every Node process has, so that a function which uses them captures nothing by that. */

/** The globals of the language and `console`: taken for what they are, without a look into the function. */
export const languageGlobals: ReadonlySet<string> = new Set(
  (
    'globalThis undefined NaN Infinity eval isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent encodeURI ' +
    'encodeURIComponent escape unescape Object Function Boolean Symbol Error AggregateError EvalError RangeError ' +
    'ReferenceError SyntaxError TypeError URIError SuppressedError Number BigInt Math Date String RegExp Array Int8Array ' +
    'Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array BigInt64Array BigUint64Array ' +
    'Float16Array Float32Array Float64Array Map Set WeakMap WeakSet WeakRef FinalizationRegistry ArrayBuffer ' +
    'SharedArrayBuffer Atomics DataView JSON Promise Iterator AsyncIterator Reflect Proxy Intl WebAssembly Temporal ' +
    'DisposableStack AsyncDisposableStack console'
  ).split(' '),
);

/** The globals of Node, whose names are also common for variables of one's own (`crypto`, `performance`, `URL`). */
export const nodeGlobals: ReadonlySet<string> = new Set(
  (
    'global process Buffer URL URLSearchParams TextEncoder TextDecoder TextEncoderStream TextDecoderStream AbortController ' +
    'AbortSignal Event EventTarget MessageChannel MessagePort MessageEvent DOMException Blob File FormData Headers ' +
    'Request Response WebSocket CloseEvent EventSource fetch atob btoa structuredClone queueMicrotask clearImmediate ' +
    'clearInterval clearTimeout setImmediate setInterval setTimeout performance Performance PerformanceEntry ' +
    'PerformanceMark PerformanceMeasure PerformanceObserver PerformanceObserverEntryList PerformanceResourceTiming ' +
    'crypto Crypto CryptoKey SubtleCrypto navigator Navigator localStorage sessionStorage Storage CustomEvent ' +
    'BroadcastChannel ByteLengthQueuingStrategy CountQueuingStrategy CompressionStream DecompressionStream ' +
    'ReadableStream ReadableByteStreamController ReadableStreamBYOBReader ReadableStreamBYOBRequest ' +
    'ReadableStreamDefaultController ReadableStreamDefaultReader TransformStream TransformStreamDefaultController ' +
    'WritableStream WritableStreamDefaultController WritableStreamDefaultWriter URLPattern ErrorEvent'
  ).split(' '),
);
