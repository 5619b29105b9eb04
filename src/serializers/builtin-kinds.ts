/** How built-in objects come back from their payloads. */
import { type BuiltinClass, errorClasses } from '../internal/builtin-classes.js';
import { buildNdArray, type NdElements, type NdLibrary } from '../internal/nd-array.js';
import type { Kind, Payload } from './payload.js';

const errorTypes: ReadonlyMap<string, BuiltinClass> = new Map(errorClasses.map((type) => [type.name, type] as const));

/** The getter and setter behind which newer versions of V8 keep the stack of an error; older ones have it as it is. */
const nativeStack: PropertyDescriptor | undefined = ((descriptor) => (descriptor?.get ? descriptor : undefined))(
  Object.getOwnPropertyDescriptor(new Error(), 'stack'),
);

/** Every kind of built-in object by its name on disk; their own properties and prototypes are restored with all others. */
export const builtinKinds: { readonly [kind: string]: Kind } = {
  object: { rung: 'pickle', make: () => ({}) },
  array: {
    rung: 'pickle',
    make: () => [],
    fill: (array: unknown[], { length, elements }) => {
      array.length = length as number;
      const from = (elements ?? []) as unknown[];
      for (const key of Object.keys(from)) array[Number(key)] = from[Number(key)];
    },
  },
  map: {
    rung: 'pickle',
    make: () => new Map(),
    fill: (map: Map<unknown, unknown>, payload) => {
      const entries = payload.entries as unknown[];
      for (let i = 0; i < entries.length; i += 2) Map.prototype.set.call(map, entries[i], entries[i + 1]);
    },
  },
  set: {
    rung: 'pickle',
    make: () => new Set(),
    fill: (set: Set<unknown>, { members }) => {
      for (const member of members as unknown[]) Set.prototype.add.call(set, member);
    },
  },
  date: {
    rung: 'pickle',
    make: () => new Date(Number.NaN),
    fill: (date: Date, { time }) => {
      Date.prototype.setTime.call(date, time as number);
    },
  },
  regexp: {
    rung: 'pickle',
    make: (payload) => new RegExp(text(payload.source), text(payload.flags)),
    fill: (regexp: RegExp, { lastIndex }) => {
      regexp.lastIndex = lastIndex as number;
    },
  },
  error: {
    rung: 'pickle',
    make: (payload) => {
      const Type = errorTypes.get(text(payload.type));
      if (Type === undefined) throw new TypeError(`there is no error ${text(payload.type)}`);
      const error = Reflect.construct(Error, [], Type as unknown as new () => object) as object;
      for (const key of Reflect.ownKeys(error)) Reflect.deleteProperty(error, key);
      return error;
    },
    fill: (error: object, payload) => {
      const details = payload.details as unknown[];
      for (let i = 0; i < details.length; i += 2) {
        const [key, value] = [details[i] as string, details[i + 1]];
        if (key === 'stack' && nativeStack !== undefined) {
          Object.defineProperty(error, key, nativeStack);
          nativeStack.set?.call(error, value);
        } else {
          Object.defineProperty(error, key, { value, writable: true, enumerable: false, configurable: true });
        }
      }
    },
  },
  boxed: { rung: 'pickle', make: ({ value }) => Object(value) as object },
  view: { rung: 'pickle', make: ({ number }, restorer) => restorer.memory(number) },
  bytes: { rung: 'pickle', make: ({ number }, restorer) => restorer.memory(number) },
  url: { rung: 'pickle', make: ({ href }) => new URL(text(href)) },
  'search params': { rung: 'pickle', make: ({ text: query }) => new URLSearchParams(text(query)) },
  'nd array': {
    rung: 'pickle',
    make: ({ library, dtype, shape, elements }, restorer) =>
      buildNdArray({
        library: library as NdLibrary,
        dtype: text(dtype),
        shape: shape as number[],
        elements: restorer.memory(elements) as NdElements,
      }),
  },
  /** Stands in a Map or Set for what is put there afterwards. */
  later: { rung: 'pickle', make: () => ({}) },
};

function text(field: Payload[string]): string {
  if (typeof field !== 'string') throw new TypeError('a text is missing');
  return field;
}
