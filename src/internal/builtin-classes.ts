/** The classes of the language and of Node whose instances are known by what they hold. */

/** A class, as far as its name and prototype go. */
export interface BuiltinClass {
  readonly name: string;
  readonly prototype: object;
}

/** The classes of errors. */
export const errorClasses: readonly BuiltinClass[] = [
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
  AggregateError,
];

/** The classes of views onto memory; newer versions of V8 have one more. */
export const viewClasses: readonly BuiltinClass[] = [
  DataView,
  Buffer,
  Uint8Array,
  Uint8ClampedArray,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  ...float16Array(),
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
];

function float16Array(): readonly BuiltinClass[] {
  const { Float16Array } = globalThis as { readonly Float16Array?: BuiltinClass };
  return Float16Array === undefined ? [] : [Float16Array];
}
