/**
 * What a function is, with all that it captures: functions by their code and what they capture in turn, data by what it
 * holds, read again each time.
 *
 * The functions that are reached form a graph, which may have cycles. Functions that cannot be told apart in it count as
 * one, so that neither copies nor the function that one starts from make a difference.
 */
import { types } from 'node:util';
import { type FunctionShape, functionShape, isRequire, type Part, referenceText } from '../digest/function-shape.js';
import { hashText } from '../digest/hash-text.js';
import type { Digest } from '../digest/index.js';
import { kindsOf, linesFrom } from '../digest/quotient.js';
import type { Callable } from '../internal/functions/function-source.js';
import { referenceTo } from '../internal/functions/references.js';
import { digestCaptured } from './captured-data.js';

/** Something that a function captures and that counts by its type alone, or that nobody can see. */
export interface BlindSpot {
  /** The function that captures it. */
  readonly fn: Callable;
  /** The variable and the place in it: `config.logger.socket`; empty for what has no name. */
  readonly place: string;
  readonly what: string;
}

/** A function, and members of it that do not count. */
interface Target {
  readonly fn: Callable;
  readonly outputs: string;
}

/** What a part was when it was read last. */
interface PartState {
  /** The value, where identity decides. */
  readonly value: unknown;
  readonly digest: string;
  readonly targets: readonly Target[];
  readonly blind: readonly BlindSpot[];
}

interface Node extends Target {
  readonly shape: FunctionShape;
  states: readonly PartState[];
}

/** Of a variable whose declaration has not been reached. */
const noValue = Symbol('no value yet');
/** Of an object, which may hold something else tomorrow. */
const anObject = Symbol('an object');

/** The code of one function and all that it captures. */
export class Closure {
  readonly #root: Target;
  #nodes: readonly Node[] = [];
  #digest: Digest | undefined;

  constructor(fn: Callable) {
    this.#root = { fn, outputs: '' };
  }

  /** Whether nothing that the function captures can ever change, so that its digest cannot either. */
  get isConstant(): boolean {
    const [root, ...others] = this.#nodes;
    if (root === undefined || !others.every(({ shape }) => shape.isLibrary && shape.read === undefined)) return false;
    if (root.shape.read === undefined) return true;
    return root.shape.isFixed() && root.states.every(({ value }) => value !== anObject && value !== noValue);
  }

  /** Whether its text is all there is to it. */
  get isTextAlone(): boolean {
    return this.isConstant && this.#nodes[0]?.shape.isTextAlone === true && this.#nodes[0].states.length === 0;
  }

  /** What of it does not count as it should. */
  get blindSpots(): readonly BlindSpot[] {
    return this.#nodes.flatMap(({ fn, shape, states }) => [
      ...(shape.unseen === undefined || shape.isLibrary ? [] : [{ fn, place: '', what: shape.unseen }]),
      ...states.flatMap(({ blind }) => blind),
    ]);
  }

  /** Its digest as things are now. */
  digest(): Digest {
    if (this.#digest === undefined || this.#nodes.some(hasChanged)) {
      this.#nodes = reached(this.#root);
      this.#digest = digestOfGraph(this.#nodes);
    }
    return this.#digest;
  }
}

/** The functions that are reached from `root`, which is the first of them. */
function reached(root: Target): Node[] {
  const nodes: Node[] = [];
  const found = new Map<Callable, Set<string>>();
  const queue: Target[] = [root];
  for (const { fn, outputs } of queue) {
    const known = found.get(fn) ?? new Set();
    if (known.has(outputs)) continue;
    found.set(fn, known.add(outputs));
    const node: Node = { fn, outputs, shape: functionShape(fn), states: [] };
    node.states = partsOf(node).map((part) => stateOf(part, node));
    nodes.push(node);
    queue.push(...node.states.flatMap(({ targets }) => targets));
  }
  return nodes;
}

function partsOf({ fn, shape, outputs }: Node): readonly Part[] {
  const parts = shape.read?.() ?? [];
  if (shape.isLibrary) return parts;
  const keys = Object.keys(fn);
  if (keys.length === 0) return parts;
  const ignored = outputs === '' ? shape.ownOutputs : new Set([...shape.ownOutputs, ...outputs.split(',')]);
  const own = keys.filter((key) => !ignored.has(key)).sort();
  if (own.length === 0) return parts;
  const properties = own.map((key) => [key, (fn as unknown as { readonly [key: string]: unknown })[key]]);
  return [...parts, { name: `the properties of ${fn.name}`, held: { value: properties }, outputs: new Set() }];
}

const noStates = { targets: [], blind: [] } as const;

function stateOf({ name, held, outputs }: Part, { fn }: Node): PartState {
  const value = held === undefined ? noValue : held.value;
  if (value === noValue) return { ...noStates, value, digest: 'no value yet' };
  if (typeof value === 'function' && types.isProxy(value) && !isRequire(value as Callable)) {
    const blind = [{ fn, place: name, what: 'a Proxy' }];
    return { ...noStates, value, digest: hashText('variable', `${name} Proxy`), blind };
  }
  if (typeof value === 'function') {
    const target = { fn: value as Callable, outputs: [...outputs].sort().join(',') };
    return { ...noStates, value, digest: 'function', targets: [target] };
  }
  if (typeof value === 'object' && value !== null) {
    const reference = types.isProxy(value) ? undefined : referenceTo(value);
    if (reference !== undefined) return { ...noStates, value, digest: hashText('reference', referenceText(reference)) };
  }
  const { digest, functions, blind } = digestCaptured(without(value, outputs), isOpen);
  return {
    value: typeof value === 'object' && value !== null ? anObject : value,
    digest: blind.length === 0 ? digest : hashText('variable', `${name} ${digest}`),
    targets: functions.map((each) => ({ fn: each, outputs: '' })),
    blind: blind.map(({ place, what }) => ({ fn, place: name + place, what })),
  };
}

/** The fields of the user's own classes say what an instance is; those of a library's are nobody's business. */
function isOpen(type: Callable): boolean {
  return !functionShape(type).isLibrary;
}

function hasChanged(node: Node): boolean {
  const parts = partsOf(node);
  if (parts.length !== node.states.length) return true;
  return parts.some((part, i) => {
    const before = node.states[i] as PartState;
    const value = part.held === undefined ? noValue : part.held.value;
    if (Object.is(value, before.value)) return false;
    if (before.value !== anObject || typeof value !== 'object' || value === null) return true;
    const now = stateOf(part, node);
    return (
      now.digest !== before.digest ||
      now.targets.length !== before.targets.length ||
      now.targets.some(({ fn }, at) => fn !== before.targets[at]?.fn)
    );
  });
}

/** An object without some of its members. */
function without(value: unknown, members: ReadonlySet<string>): unknown {
  if (members.size === 0 || typeof value !== 'object' || value === null || types.isProxy(value)) return value;
  const prototype = Object.getPrototypeOf(value) as object | null;
  const isSpecial = Array.isArray(value) || ArrayBuffer.isView(value) || types.isMap(value) || types.isSet(value);
  if (isSpecial || ![...members].some((member) => Object.hasOwn(value, member))) return value;
  const kept = Object.entries(Object.getOwnPropertyDescriptors(value)).filter(([key]) => !members.has(key));
  return Object.create(prototype, Object.fromEntries(kept));
}

/** The digest of a graph of functions, the same for graphs that behave the same from their first function on. */
function digestOfGraph(nodes: readonly Node[]): Digest {
  const own = nodes.map(({ shape, states }) =>
    JSON.stringify([shape.text, shape.unseen ?? '', states.map(({ digest, targets }) => [digest, targets.length])]),
  );
  const graph = { own, next: nextNodes(nodes) };
  return hashText('closure', JSON.stringify(linesFrom(0, graph, kindsOf(graph))));
}

/** For each node the nodes that it leads to, by number. */
function nextNodes(nodes: readonly Node[]): readonly (readonly number[])[] {
  const numbers = new Map<Callable, Map<string, number>>();
  nodes.forEach(({ fn, outputs }, i) => {
    numbers.set(fn, (numbers.get(fn) ?? new Map<string, number>()).set(outputs, i));
  });
  const number = ({ fn, outputs }: Target): number => numbers.get(fn)?.get(outputs) as number;
  return nodes.map(({ states }) => states.flatMap(({ targets }) => targets.map(number)));
}
