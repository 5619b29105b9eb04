/**
 * Walks a value and feeds its canonical form into a sink. All containers are walked with a stack of our own, so that
 * depth costs memory and never overflows. Members of Sets and keys and values of Maps are digested one by one, to be put
 * into an order that does not depend on insertion.
 */
import { types } from 'node:util';
import { IndigestibleError, isFlecheError } from '../errors.js';
import type { Callable } from '../internal/functions/function-source.js';
import { beginArray, visitElements } from './arrays.js';
import { ClassTable } from './classes.js';
import type { CodeInWalk } from './code.js';
import { type Frame, Visit } from './frames.js';
import { beginInstance, beginProxy, continueInstance } from './instances.js';
import { digestInParts, surveyed } from './large-values.js';
import { writePrimitive, writeSymbol } from './primitives.js';
import { beginObject } from './properties.js';
import { isDigestReference } from './reference.js';
import { Refusal } from './refusal.js';
import { Tag } from './tags.js';
import { type Digest, isDigest } from './types.js';
import { type Guide, tooLarge, Walk } from './walk.js';

export class Walker {
  /** Whether nothing is hashed: the walk only meets what there is. */
  readonly looksOnly: boolean;
  readonly #codes: CodeInWalk;
  readonly #walk: Walk;
  /** Where the root stands. */
  #root = '';

  constructor(codes: CodeInWalk, looksOnly = false) {
    this.looksOnly = looksOnly;
    this.#codes = codes;
    this.#walk = new Walk(new ClassTable(codes), codes);
    this.#walk.sink.muted = looksOnly;
  }

  /** The digest of `value`, which stands at `path`. */
  digest(value: unknown, path: string): Digest {
    const walk = this.#walk;
    walk.work = 0;
    walk.guide = undefined;
    this.#begin(path);
    try {
      this.#node(value);
      this.#drain();
      return walk.sink.digest();
    } catch (error) {
      if (error !== tooLarge) throw this.#told(error);
    } finally {
      this.#end();
    }
    try {
      if (!this.looksOnly) return digestInParts(value as object, path, this);
      surveyed(value as object, path, this);
      return '' as Digest;
    } finally {
      this.#end();
    }
  }

  /** The digest of one container of a large value, led by `guide`. */
  part(value: object, guide: Guide): Digest {
    this.#guided(value, '', guide);
    return this.#walk.sink.digest();
  }

  /** Looks at one container of a large value without hashing anything: how much work its own parts are. */
  survey(value: object, path: string, guide: Guide): number {
    const { sink } = this.#walk;
    sink.muted = true;
    this.#walk.work = 0;
    try {
      this.#guided(value, path, guide);
      return this.#walk.work;
    } finally {
      sink.muted = this.looksOnly;
    }
  }

  /** The path of the value under way. */
  path(): string {
    return this.#root + this.#walk.frames.path();
  }

  #guided(value: object, path: string, guide: Guide): void {
    this.#begin(path);
    this.#walk.guide = guide;
    try {
      this.#container(value);
      this.#drain();
    } catch (error) {
      throw this.#told(error);
    } finally {
      this.#walk.frames.clear();
    }
  }

  #begin(path: string): void {
    this.#root = path;
    this.#walk.sink.reset();
  }

  #end(): void {
    this.#walk.frames.clear();
    this.#walk.classes.clear();
    this.#walk.guide = undefined;
  }

  /** The error that tells the user what was thrown on the way. */
  #told(error: unknown): unknown {
    if (isFlecheError(error)) return error;
    const { what, hint, cause } = error instanceof Refusal ? error : refusalOf(error);
    const fields = { path: this.path(), what, ...(hint === undefined ? {} : { hint }) };
    return new IndigestibleError(cause === undefined ? fields : { ...fields, cause });
  }

  #drain(): void {
    const { frames, sink } = this.#walk;
    while (frames.depth > 0) {
      const frame = frames.top();
      if (frame.index >= frame.length) {
        this.#leave(frame);
        continue;
      }
      const at = frame.index++;
      switch (frame.visit) {
        case Visit.elements:
          this.#element(frame.value as readonly unknown[], at);
          break;
        case Visit.fields:
          this.#field(frame.value, frame.keys[at] as string);
          break;
        case Visit.properties:
          this.#property(frame.value, frame.keys[at] as string | symbol);
          break;
        case Visit.members:
        case Visit.entries:
          if (at > 0) frame.digests.push(sink.close());
          sink.open();
          this.#node(frame.items[at]);
          break;
        case Visit.privateFields:
          sink.string(frame.keys[at] as string);
          this.#node(frame.items[at]);
          break;
        default:
          this.#node(frame.items[at]);
      }
    }
  }

  /** Goes on after the last part of a container: with what comes after it, or with the container around it. */
  #leave(frame: Frame): void {
    const { visit, value } = frame;
    if (visit === Visit.elements || visit === Visit.fields) this.#walk.frames.pop();
    else if (visit === Visit.properties && Array.isArray(value)) visitElements(this.#walk, frame, value);
    else continueInstance(this.#walk, frame);
  }

  #element(array: readonly unknown[], at: number): void {
    const element = array[at];
    if (element === undefined && !(at in array)) this.#walk.sink.tag(Tag.hole);
    else this.#node(element);
  }

  #field(value: object, key: string): void {
    const { sink } = this.#walk;
    sink.string(key);
    const property = Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor;
    if (property.get === undefined && property.set === undefined) {
      this.#node(property.value);
    } else {
      sink.tag(Tag.accessor);
      this.#accessor(property);
    }
  }

  #property(value: object, key: string | symbol): void {
    const { sink } = this.#walk;
    const property = Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor;
    const isAccessor = property.get !== undefined || property.set !== undefined;
    sink.tag(Tag.property);
    if (typeof key === 'string') sink.string(key);
    else writeSymbol(sink, key);
    sink.number((property.enumerable ? 1 : 0) + (isAccessor ? 2 : 0));
    if (isAccessor) this.#accessor(property);
    else this.#node(property.value);
  }

  /** A getter counts as its code and is never called: it may give something else the next time. */
  #accessor({ get, set }: PropertyDescriptor): void {
    this.#node(get);
    this.#node(set);
  }

  #node(value: unknown): void {
    const { sink } = this.#walk;
    switch (typeof value) {
      case 'number':
        sink.number(value);
        return;
      case 'string':
        if (value.length > 64) this.#walk.spend(value.length >> 6);
        sink.string(value);
        return;
      case 'object':
        if (value === null) sink.tag(Tag.null);
        else this.#object(value);
        return;
      case 'function':
        sink.tag(Tag.function);
        sink.digestLeaf(this.#walk.once(value, () => this.#codes.ofFunction(value as Callable, this.path())));
        return;
      default:
        writePrimitive(sink, value);
    }
  }

  #object(value: object): void {
    const { guide, frames, sink } = this.#walk;
    if (guide?.takes(value, sink)) return;
    const distance = frames.distance(value);
    if (distance > 0) {
      sink.tag(Tag.cycle);
      sink.uint32(distance);
    } else {
      this.#container(value);
    }
  }

  #container(value: object): void {
    const walk = this.#walk;
    if (types.isProxy(value)) {
      beginProxy(walk, value);
      return;
    }
    if (Array.isArray(value)) {
      beginArray(walk, value);
      return;
    }
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (prototype === Object.prototype) {
      beginObject(walk, value, Tag.object);
    } else if (prototype === null) {
      if (types.isModuleNamespaceObject(value)) throw new Refusal('a module', 'pass what you need of it');
      beginObject(walk, value, Tag.nullPrototypeObject);
    } else if (isDigestReference(value)) {
      this.#reference(value.digest);
    } else {
      beginInstance(walk, value, prototype);
    }
  }

  #reference(digest: string): void {
    if (!isDigest(digest)) throw new Refusal(`the short digest ${digest}`, 'expand it first: cache().expand(…)');
    this.#walk.sink.digestLeaf(digest);
  }
}

/** What an error that came from elsewhere says of the value. */
function refusalOf(cause: unknown): Refusal {
  if (cause instanceof RangeError && /call stack/i.test(cause.message)) {
    return new Refusal('a value nested this deeply', undefined, { cause });
  }
  return new Refusal('what cannot be read', cause instanceof Error ? cause.message : String(cause), { cause });
}
