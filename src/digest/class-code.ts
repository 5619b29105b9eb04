/**
 * The code of a class, which counts with its instances: a method that was edited in another cell makes `f(model)` another
 * call. Static state does not count, nor do variables that the class itself assigns; neither does the code of classes of
 * packages, of the language and of Node, which are told by their names.
 */
import { types } from 'node:util';
import { IndigestibleError } from '../errors.js';
import { type Callable, isCallable, parsedFunction } from '../internal/functions/function-source.js';
import { keepersOf } from '../internal/functions/kept-outside.js';
import { warnOnce } from '../internal/warn.js';
import { noticeOf } from './blind-spots.js';
import type { ClassCode, CodeNode } from './code.js';
import { base, functionShape, type Part } from './function-shape.js';
import { withoutOutputs } from './functions.js';
import { addedMembers, chainOf } from './own-properties.js';
import type { Digest } from './types.js';
import type { Walker } from './walker.js';

/** What does not change with time: classes whose code captures nothing. */
const fixed = new WeakMap<object, { readonly members: readonly unknown[]; readonly code: ClassCode }>();
/** What is known of classes that are told by their names. */
const named = new WeakMap<object, ClassCode>();

/** The code of the class whose instances have `prototype`, if it is known without a look at other code. */
export function knownClassCode(prototype: object): ClassCode | undefined {
  const byName = named.get(prototype);
  if (byName !== undefined) return byName;
  const known = fixed.get(prototype);
  return known !== undefined && isSame(known.members, chainOf(prototype)) ? known.code : undefined;
}

/** A class of a chain, as it is now. */
interface Link {
  readonly type: Callable;
  readonly text: string;
  readonly unseen: string | undefined;
  readonly captured: readonly Part[];
  readonly added: readonly (readonly [string | symbol, unknown])[];
}

/** The classes of a prototype chain. */
export class ClassNode implements CodeNode {
  readonly maps: ClassCode['maps'];
  /** Whether its name is all that counts. */
  readonly isByName: boolean;
  readonly #prototype: object;
  readonly #links: readonly Link[];
  readonly #isFixed: boolean;

  constructor(prototype: object) {
    this.#prototype = prototype;
    const { links, above } = chainFrom(prototype);
    this.#links = links;
    this.isByName = this.#links.length === 0;
    this.#isFixed = this.#links.every(({ captured, added }) => captured.length + added.length === 0);
    const own = this.#links.flatMap(({ captured }) =>
      captured.flatMap(({ name, held }) => (types.isWeakMap(held?.value) ? [[name, held.value] as const] : [])),
    );
    this.maps = [...own, ...mapsOf(above)];
    if (this.isByName) named.set(prototype, { digest: undefined, maps: this.maps });
  }

  digest(walker: Walker): Digest {
    const parts = this.#links.map(({ type, text, unseen, captured, added }) => {
      const blind = unseen === undefined ? [] : [`${unseen}, which nobody can see`];
      const part = (name: string, value: unknown): unknown => {
        try {
          return ['digest', walker.digest(value, '')];
        } catch (error) {
          if (!(error instanceof IndigestibleError)) throw error;
          if (!isPrivateState(name, value)) blind.push(blindPart(name, error));
          return ['kind', kindOf(value)];
        }
      };
      const values = captured.map((each) => part(each.name, each.held === undefined ? noValue : withoutOutputs(each)));
      const more = added.map(([key, value]) => [String(key), part(String(key), value)]);
      if (blind.length > 0) tell(type, text, blind);
      return [text, values, unseen ?? '', more];
    });
    const digest = walker.digest(['class', ...parts], '');
    if (this.#isFixed && !walker.looksOnly) {
      fixed.set(this.#prototype, { members: chainOf(this.#prototype), code: { digest, maps: this.maps } });
    }
    return digest;
  }
}

const noValue = ['no value yet'];

/** The classes of a prototype chain whose code counts, and the prototype from which on classes are told by their names. */
function chainFrom(prototype: object): { readonly links: readonly Link[]; readonly above: object | null } {
  const links: Link[] = [];
  let at: object | null = prototype;
  for (; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const type: unknown = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
    if (!isCallable(type) || types.isProxy(type)) break;
    const { text, unseen, read, isLibrary } = functionShape(type);
    if (isLibrary || parsedFunction(type) === undefined) break;
    // What it extends is the next one.
    const captured = (read?.() ?? []).filter(({ name }) => name !== base);
    links.push({ type, text, unseen, captured, added: addedMembers(at, type) });
  }
  return { links, above: at };
}

/** The maps of the classes whose instances have `prototype`, whose code is not looked at for more. */
function mapsOf(prototype: object | null): ClassCode['maps'] {
  return keepersOf(prototype).flatMap(({ name, collection }) =>
    types.isWeakMap(collection) || types.isMap(collection) ? [[name, collection] as const] : [],
  );
}

/** Where compilers keep private fields and methods. */
function isPrivateState(name: string, value: unknown): boolean {
  return types.isWeakMap(value) || (types.isWeakSet(value) && /^_.*_instances$/.test(name));
}

function kindOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value;
  return types.isProxy(value) ? 'Proxy' : ((value.constructor as { name?: string } | undefined)?.name ?? 'object');
}

function blindPart(name: string, { path, what }: IndigestibleError): string {
  return `the variable ${name}${path}, which counts by its kind alone (${what} has no digest)`;
}

function tell(type: Callable, text: string, blind: readonly string[]): void {
  const label = `the class ${type.name || 'without a name'}`;
  const advice = "pass what matters as an argument, or give the class a method [Symbol.for('fleche.digest')]()";
  warnOnce(noticeOf(label, blind, advice), `blind spots of ${label} ${text}`);
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((member, i) => member === b[i]);
}
