/**
 * Walks a value and feeds its canonical form into a sink. Arrays and objects are walked with a stack of our own, so that
 * depth costs memory and never overflows; Sets and Maps recurse, since their members are digested one by one to be put
 * into an order that does not depend on insertion.
 */
import { types } from 'node:util';
import { IndigestibleError } from '../errors.js';
import { classIdentity } from '../internal/class-identity.js';
import { describeNdArray } from '../internal/nd-array.js';
import { step } from '../internal/value-path.js';
import { hasOwnExtras } from '../internal/view-extras.js';
import { builtinName, bytesOf, compare, isIndex, isInternal, typedArrayName, wellKnownSymbols } from './builtins.js';
import { ByteSink, Tag } from './encoder.js';
import { type DigestReference, isDigestReference } from './reference.js';
import { type Digest, isDigest } from './types.js';

/** One container that is being walked. */
interface Frame {
  value: object;
  /** The keys still to visit; `undefined` for an array's elements. */
  keys: readonly string[] | undefined;
  index: number;
  length: number;
  /** The step to the part under way, where it is not told by `index`. */
  place: string;
}

/** Called for functions, whose digest needs more than their own text. */
export type FunctionDigester = (fn: object, path: string) => Digest;

/** Told of the prototype of each instance, before anything is made of it. */
export type InstanceObserver = (prototype: object) => void;

export class Walker {
  readonly #sink = new ByteSink();
  readonly #frames: Frame[] = [];
  readonly #outer: Walker | undefined;
  readonly #functions: FunctionDigester;
  readonly #instances: InstanceObserver | undefined;
  #depth = 0;
  #inner: Walker | undefined;
  /** Where the value under way stands: the root's own path, and the steps of outer walkers. */
  #root = '';

  constructor(functions: FunctionDigester, outer?: Walker, instances?: InstanceObserver) {
    this.#functions = functions;
    this.#outer = outer;
    this.#instances = instances;
  }

  /** The digest of `value`, which stands at `path`. */
  digest(value: unknown, path: string): Digest {
    this.#root = path;
    this.#depth = 0;
    this.#sink.reset();
    try {
      this.#node(value);
      this.#drain(0);
      return this.#sink.digest();
    } catch (error) {
      if (error instanceof RangeError) throw this.#indigestible('a value nested this deeply');
      throw error;
    } finally {
      for (let i = 0; i < this.#depth; i += 1) (this.#frames[i] as Frame).value = this;
      this.#depth = 0;
    }
  }

  /** Visits what is left of the frames above `floor`. */
  #drain(floor: number): void {
    while (this.#depth > floor) {
      const frame = this.#frames[this.#depth - 1] as Frame;
      const { value, keys } = frame;
      if (frame.index >= frame.length) {
        this.#depth -= 1;
        continue;
      }
      const at = frame.index++;
      if (keys === undefined) {
        const element = (value as readonly unknown[])[at];
        if (element === undefined && !(at in value)) this.#sink.tag(Tag.hole);
        else this.#node(element);
      } else {
        const key = keys[at] as string;
        this.#sink.string(key);
        this.#node((value as Record<string, unknown>)[key]);
      }
    }
  }

  #node(value: unknown): void {
    const sink = this.#sink;
    switch (typeof value) {
      case 'number':
        sink.number(value);
        return;
      case 'string':
        sink.string(value);
        return;
      case 'boolean':
        sink.tag(value ? Tag.true : Tag.false);
        return;
      case 'undefined':
        sink.tag(Tag.undefined);
        return;
      case 'bigint':
        sink.tag(Tag.bigint);
        sink.string(value.toString(16));
        return;
      case 'symbol':
        this.#symbol(value);
        return;
      case 'function':
        sink.tag(Tag.function);
        sink.digestLeaf(this.#functions(value, this.#path()));
        return;
      default:
        if (value === null) sink.tag(Tag.null);
        else this.#object(value as object);
    }
  }

  #object(value: object): void {
    const distance = this.#distance(value);
    if (distance > 0) {
      this.#sink.tag(Tag.cycle);
      this.#sink.uint32(distance);
      return;
    }
    if (Array.isArray(value)) {
      this.#array(value);
      return;
    }
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (prototype === Object.prototype) this.#plain(value, Tag.object);
    else if (prototype === null) this.#nullPrototype(value);
    else if (isDigestReference(value)) this.#reference(value);
    else this.#instance(value, prototype);
  }

  #reference(reference: DigestReference): void {
    if (!isDigest(reference.digest)) {
      throw this.#indigestible(`the short digest ${reference.digest}`, 'expand it first: cache().expand(…)');
    }
    this.#sink.digestLeaf(reference.digest);
  }

  #array(value: readonly unknown[]): void {
    const { length } = value;
    // Holes are elements without a key, so both have to be counted to notice properties beside the elements.
    let elements = Object.keys(value).length;
    for (let i = 0; i < length; i += 1) if (value[i] === undefined && !(i in value)) elements += 1;
    if (elements > length || Object.getOwnPropertySymbols(value).length > 0) {
      this.#sink.tag(Tag.extended);
      this.#within(value, () => this.#properties(value, (key) => typeof key === 'symbol' || !isIndex(key, length)));
    }
    this.#sink.tag(Tag.array);
    this.#className(value, Array.prototype);
    this.#sink.uint32(length);
    this.#push(value, undefined, length);
  }

  #plain(value: object, tag: number): void {
    const keys = Object.keys(value);
    if (Reflect.ownKeys(value).length !== keys.length) {
      this.#sink.tag(tag);
      this.#sink.uint32(0xffffffff);
      this.#within(value, () => this.#properties(value, () => true));
      return;
    }
    if (keys.length > 1) keys.sort();
    this.#sink.tag(tag);
    this.#sink.uint32(keys.length);
    this.#push(value, keys, keys.length);
  }

  #nullPrototype(value: object): void {
    if (types.isModuleNamespaceObject(value)) {
      throw this.#indigestible('a module', 'pass what you need of it');
    }
    this.#plain(value, Tag.nullPrototypeObject);
  }

  #instance(value: object, prototype: object): void {
    this.#instances?.(prototype);
    const sink = this.#sink;
    const array = describeNdArray(value);
    if (array !== undefined) {
      const elements = array.elements();
      sink.tag(Tag.ndArray);
      sink.string(array.library);
      sink.string(array.dtype);
      sink.uint32(array.shape.length);
      for (const length of array.shape) sink.number(length);
      sink.payload(bytesOf(elements));
      return;
    }
    if (types.isProxy(value)) throw this.#indigestible('a Proxy', 'pass the object behind it');
    if (types.isArgumentsObject(value)) throw this.#indigestible('an arguments object', 'pass [...arguments]');
    const identity = classIdentity(prototype);
    if (identity.refusal !== undefined) throw this.#indigestible(identity.refusal.what, identity.refusal.hint);
    const isOrdinary = this.#content(value);
    sink.string(identity.name === builtinName(value) ? '' : identity.name);
    if (isOrdinary) {
      const keys = Object.keys(value);
      if (Reflect.ownKeys(value).length === keys.length) {
        // Without recursion, so that a linked list of any length has a digest.
        sink.tag(Tag.object);
        sink.uint32(keys.length);
        this.#push(value, keys.sort(), keys.length);
        return;
      }
    } else if (ArrayBuffer.isView(value) && !hasOwnExtras(value)) {
      // As `#properties` says it of no properties, without a string for each of millions of elements.
      sink.uint32(0);
      return;
    }
    this.#within(value, () => this.#properties(value, (key) => !isInternal(value, key)));
  }

  /**
   * The tag and the internal state of an instance: what its own properties do not show.
   *
   * @returns whether there is no such state, so that the properties are all of it.
   */
  #content(value: object): boolean {
    const sink = this.#sink;
    if (types.isDate(value)) {
      sink.tag(Tag.date);
      sink.number(Date.prototype.getTime.call(value));
    } else if (types.isMap(value)) {
      sink.tag(Tag.map);
      this.#within(value, () => this.#entries(value));
    } else if (types.isSet(value)) {
      sink.tag(Tag.set);
      this.#within(value, () => this.#members(value));
    } else if (types.isRegExp(value)) {
      sink.tag(Tag.regexp);
      sink.string(value.source);
      sink.string(value.flags);
      sink.number(value.lastIndex);
    } else if (ArrayBuffer.isView(value)) {
      sink.tag(Tag.view);
      sink.string(types.isTypedArray(value) ? typedArrayName.call(value) : 'DataView');
      sink.payload(bytesOf(value));
    } else if (types.isArrayBuffer(value)) {
      sink.tag(Tag.arrayBuffer);
      const { resizable, maxByteLength } = value as unknown as { resizable?: boolean; maxByteLength: number };
      sink.number(resizable ? maxByteLength : -1);
      sink.payload(new Uint8Array(value));
    } else if (types.isNativeError(value)) {
      sink.tag(Tag.error);
    } else if (types.isBoxedPrimitive(value)) {
      sink.tag(Tag.boxed);
      this.#node((value as { valueOf(): unknown }).valueOf());
    } else if (value instanceof URL) {
      sink.tag(Tag.url);
      sink.string(value.href);
    } else if (value instanceof URLSearchParams) {
      sink.tag(Tag.searchParameters);
      sink.string(value.toString());
    } else {
      sink.tag(Tag.instance);
      return true;
    }
    return false;
  }

  #members(value: ReadonlySet<unknown>): void {
    const digests: string[] = [];
    let i = 0;
    for (const member of value) digests.push(this.#sub(member, `[member ${i++}]`));
    this.#sorted(digests);
  }

  #entries(value: ReadonlyMap<unknown, unknown>): void {
    const digests: string[] = [];
    let i = 0;
    for (const [key, held] of value) {
      const name = typeof key === 'string' ? JSON.stringify(key) : `key ${i}`;
      digests.push(this.#sub(key, `[key ${i}]`) + this.#sub(held, `.get(${name})`));
      i += 1;
    }
    this.#sorted(digests);
  }

  #sorted(digests: string[]): void {
    digests.sort();
    this.#sink.uint32(digests.length);
    for (const digest of digests) this.#sink.string(digest);
  }

  /** The digest of a part on its own; it may refer back to what is being walked. */
  #sub(value: unknown, place: string): string {
    this.#inner ??= new Walker(this.#functions, this, this.#instances);
    return this.#inner.digest(value, this.#path() + place);
  }

  /** All own properties that `counts` lets through, in a form of their own: key, flags, value or accessors. */
  #properties(value: object, counts: (key: string | symbol) => boolean): void {
    const keys = Reflect.ownKeys(value).filter(counts);
    keys.sort((a, b) => (typeof a === typeof b ? compare(String(a), String(b)) : typeof a === 'string' ? -1 : 1));
    this.#sink.uint32(keys.length);
    const floor = this.#depth;
    const frame = this.#frames[floor - 1] as Frame;
    for (const key of keys) {
      frame.place = step(key);
      const property = Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor;
      const accessor = property.get !== undefined || property.set !== undefined;
      this.#sink.tag(Tag.property);
      if (typeof key === 'string') this.#sink.string(key);
      else this.#symbol(key);
      this.#sink.number((property.enumerable ? 1 : 0) + (accessor ? 2 : 0));
      const parts = accessor ? [property.get, property.set] : [property.value as unknown];
      for (const part of parts) {
        this.#node(part);
        this.#drain(floor);
      }
    }
    frame.place = '';
  }

  /** Does `work` while `value` counts as being walked, so that references back to it are seen. */
  #within(value: object, work: () => void): void {
    this.#push(value, undefined, 0);
    const floor = this.#depth;
    work();
    this.#drain(floor);
    this.#depth = floor - 1;
  }

  #push(value: object, keys: readonly string[] | undefined, length: number): void {
    const frame = this.#frames[this.#depth++];
    if (frame === undefined) {
      this.#frames.push({ value, keys, index: 0, length, place: '' });
    } else {
      frame.value = value;
      frame.keys = keys;
      frame.index = 0;
      frame.length = length;
      frame.place = '';
    }
  }

  /** How many containers up the way to the root `value` stands; 0 when it does not. */
  #distance(value: object): number {
    for (let i = this.#depth - 1; i >= 0; i -= 1) {
      if ((this.#frames[i] as Frame).value === value) return this.#depth - i;
    }
    if (this.#outer === undefined) return 0;
    const above = this.#outer.#distance(value);
    return above === 0 ? 0 : above + this.#depth;
  }

  #className(value: object, intrinsic: object): void {
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (prototype === intrinsic) {
      this.#sink.string('');
      return;
    }
    if (prototype !== null) this.#instances?.(prototype);
    const identity = classIdentity(prototype ?? {});
    if (identity.refusal !== undefined) throw this.#indigestible(identity.refusal.what, identity.refusal.hint);
    this.#sink.string(identity.name === 'Array' ? '' : identity.name);
  }

  #symbol(value: symbol): void {
    const registered = Symbol.keyFor(value);
    const name = registered ?? wellKnownSymbols.get(value);
    if (name === undefined) {
      throw this.#indigestible(`the unregistered ${String(value)}`, 'use Symbol.for(…)');
    }
    this.#sink.tag(Tag.symbol);
    this.#sink.tag(registered === undefined ? 0 : 1);
    this.#sink.string(name);
  }

  #indigestible(what: string, hint?: string): IndigestibleError {
    return new IndigestibleError({ path: this.#path(), what, ...(hint === undefined ? {} : { hint }) });
  }

  #path(): string {
    let path = this.#root;
    for (let i = 0; i < this.#depth; i += 1) {
      const frame = this.#frames[i] as Frame;
      if (frame.index === 0) path += frame.place;
      else path += frame.keys === undefined ? `[${frame.index - 1}]` : step(frame.keys[frame.index - 1] as string);
    }
    return path;
  }
}
