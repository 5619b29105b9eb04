import { types } from 'node:util';
import { type Callable, functionText } from '../../internal/functions/function-source.js';
import { privateFields } from '../../internal/functions/scopes.js';
import { describeNdArray } from '../../internal/nd-array.js';
import { step } from '../../internal/value-path.js';
import { hasOwnExtras } from '../../internal/view-extras.js';
import { isSharedSymbol } from '../../serializers/symbols.js';
import { outsideOf } from './code.js';
import { contentOf } from './contents.js';
import { isClassOrPrototype, type Kind, kindOf, mayHavePrivateFields } from './kinds.js';
import { bytesOf, differentByte, differentSharing, type ViewPair } from './views.js';

/** Something found in the same place of two values. */
interface Pair {
  readonly left: unknown;
  readonly right: unknown;
  readonly above: Pair | undefined;
  readonly step: string;
}

/** Compares two values in everything that can be observed. Works through a queue, so that depth costs memory only. */
export class Comparison {
  readonly #queue: Pair[] = [];
  readonly #partners = new Map<unknown, unknown>();
  readonly #reverse = new Map<unknown, unknown>();
  readonly #views: ViewPair[] = [];

  /** Where `actual` is another value than `expected` and how, in words; `undefined` when they are the same. */
  difference(actual: unknown, expected: unknown): string | undefined {
    this.#queue.push({ left: actual, right: expected, above: undefined, step: '' });
    for (let at = 0; at < this.#queue.length; at += 1) {
      const pair = this.#queue[at] as Pair;
      const difference = this.#compare(pair);
      if (difference !== undefined) return `${pathOf(pair)}: ${difference}`;
    }
    return differentSharing(this.#views);
  }

  #add(above: Pair, where: string, left: unknown, right: unknown): void {
    if (isPrimitive(left) && Object.is(left, right)) return;
    this.#queue.push({ left, right, above, step: where });
  }

  #compare(pair: Pair): string | undefined {
    const { left, right } = pair;
    if (typeof left === 'symbol' && typeof right === 'symbol') return this.#symbols(left, right);
    if (isPrimitive(left) || isPrimitive(right)) {
      return Object.is(left, right) ? undefined : `${inWords(left)} instead of ${inWords(right)}`;
    }
    const isKnown = this.#partners.has(left);
    const mismatch = this.#meet(left, right);
    if (mismatch !== undefined || isKnown || left === right) return mismatch;
    return this.#objects(pair, left as object, right as object);
  }

  /** Notes that the two stand for each other, from now on and everywhere. */
  #meet(left: unknown, right: unknown): string | undefined {
    if (this.#partners.has(left) && this.#partners.get(left) !== right)
      return 'one thing where the other value has two';
    if (this.#reverse.has(right) && this.#reverse.get(right) !== left)
      return 'two things where the other value has one';
    this.#partners.set(left, right);
    this.#reverse.set(right, left);
    return undefined;
  }

  #symbols(left: symbol, right: symbol): string | undefined {
    if (left !== right && (isSharedSymbol(left) || isSharedSymbol(right) || left.description !== right.description)) {
      return `${String(left)} instead of ${String(right)}`;
    }
    return this.#meet(left, right);
  }

  #objects(pair: Pair, left: object, right: object): string | undefined {
    const [array, other] = [describeNdArray(left), describeNdArray(right)];
    if (array !== undefined && other !== undefined) {
      for (const name of ['library', 'dtype', 'shape'] as const) {
        if (String(array[name]) !== String(other[name])) return `${name} ${array[name]} instead of ${other[name]}`;
      }
      // The memory that one library hands out may move when the next array is looked at.
      return differentByte(bytesOf(array.elements()).slice(), bytesOf(other.elements()));
    }
    const kind = kindOf(left);
    if (kind !== kindOf(right)) return `of the kind ${kind} instead of ${kindOf(right)}`;
    if (kind === 'opaque') return 'two things whose state cannot be read';
    if (kind === 'function') {
      const code = this.#code(pair, left, right);
      if (code !== undefined) return code;
    }
    const content = this.#content(pair, kind, left, right);
    if (content !== undefined) return content;
    if (Object.isExtensible(left) !== Object.isExtensible(right)) {
      return Object.isExtensible(left) ? 'open instead of closed' : 'closed instead of open';
    }
    this.#add(pair, ' → prototype', Object.getPrototypeOf(left), Object.getPrototypeOf(right));
    return this.#private(pair, kind, left, right) ?? this.#properties(pair, kind, left, right);
  }

  #code(pair: Pair, left: object, right: object): string | undefined {
    const [text, otherText] = [functionText(left as Callable), functionText(right as Callable)];
    if (text !== otherText) return `the code ${inWords(text)} instead of ${inWords(otherText)}`;
    // What cannot be seen of a method is the class that it stands in, which is compared on its own.
    const isMethod = isClassOrPrototype(pair.above?.left);
    const [outside, other] = [outsideOf(left as Callable, isMethod), outsideOf(right as Callable, isMethod)];
    if (outside === undefined || other === undefined) return 'two functions that cannot be read';
    return this.#parts(pair, outside, other);
  }

  #content(pair: Pair, kind: Kind, left: object, right: object): string | undefined {
    if (kind === 'view' || kind === 'bytes') {
      const [view, other] = [left as ArrayBufferView, right as ArrayBufferView];
      this.#views.push({ left: view, right: other, path: pathOf(pair) });
      const bytes = differentByte(bytesOf(view), bytesOf(other));
      if (bytes !== undefined) return bytes;
    }
    const [content, other] = [contentOf(kind, left), contentOf(kind, right)];
    if (content.length !== other.length) return `${content.length} parts instead of ${other.length}`;
    return this.#parts(pair, content, other);
  }

  #parts(pair: Pair, parts: readonly Part[], others: readonly Part[]): string | undefined {
    for (const [index, [where, part]] of parts.entries()) {
      const [elsewhere, other] = others[index] ?? [undefined, undefined];
      if (where !== elsewhere) return `${where.trim()} where the other value has ${elsewhere?.trim() ?? 'nothing'}`;
      this.#add(pair, where, part, other);
    }
    return parts.length < others.length ? `nothing where the other value has ${others[parts.length]?.[0]}` : undefined;
  }

  #private(pair: Pair, kind: Kind, left: object, right: object): string | undefined {
    if (kind === 'url' || kind === 'search params' || !mayHavePrivateFields(left)) return undefined;
    const parts = (value: object): Part[] => privateFields(value).map((field) => [`.${field.name}`, field.value]);
    return this.#parts(pair, parts(left), parts(right));
  }

  #properties(pair: Pair, kind: Kind, left: object, right: object): string | undefined {
    const [keys, others] = [keysOf(kind, left), keysOf(kind, right)];
    if (keys.length !== others.length || keys.some((key, at) => typeof key !== typeof others[at])) {
      return `the properties ${keys.map(String)} instead of ${others.map(String)}`;
    }
    for (const [at, key] of keys.entries()) {
      const other = others[at] as string | symbol;
      if (typeof key === 'symbol') this.#add(pair, ` → key ${String(key)}`, key, other);
      else if (key !== other) return `the property ${key} where the other value has ${String(other)}`;
      const difference = this.#property(pair, kind, [left, key], [right, other]);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }

  #property(pair: Pair, kind: Kind, left: Place, right: Place): string | undefined {
    const [key] = [left[1]];
    const property = Object.getOwnPropertyDescriptor(...left) as PropertyDescriptor;
    const other = Object.getOwnPropertyDescriptor(...right) as PropertyDescriptor;
    for (const name of ['enumerable', 'writable', 'configurable'] as const) {
      if (property[name] !== other[name]) return `${step(key)} is ${property[name] ? '' : 'not '}${name}`;
    }
    // A stack tells where the error was made, and V8 decides what a sloppy function shows.
    if (kind === 'error' && key === 'stack') return undefined;
    if (kind === 'function' && (key === 'caller' || key === 'arguments')) return undefined;
    for (const name of ['value', 'get', 'set'] as const) {
      this.#add(pair, step(key) + (name === 'value' ? '' : ` → ${name}`), property[name], other[name]);
    }
    return undefined;
  }
}

/** A part of something, and how a path goes on to it. */
export type Part = readonly [step: string, part: unknown];

type Place = readonly [object, string | symbol];

function keysOf(kind: Kind, value: object): readonly (string | symbol)[] {
  if (kind !== 'view') return Reflect.ownKeys(value);
  const view = value as ArrayBufferView;
  if (!hasOwnExtras(view)) return [];
  return Reflect.ownKeys(view).filter((key) => typeof key === 'symbol' || !/^\d+$/.test(key));
}

function isPrimitive(value: unknown): boolean {
  return (typeof value !== 'object' || value === null) && typeof value !== 'function';
}

function pathOf(pair: Pair): string {
  const steps: string[] = [];
  for (let at: Pair | undefined = pair; at !== undefined; at = at.above) steps.push(at.step);
  return `value${steps.reverse().join('')}`;
}

function inWords(value: unknown): string {
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (isPrimitive(value)) return String(value);
  return types.isProxy(value) ? 'a Proxy' : `a thing of the kind ${kindOf(value as object)}`;
}
