import type { CodeDescription, FunctionDescription } from '../internal/functions/describe-function.js';
import type { Callable } from '../internal/functions/function-source.js';
import type { Rung } from './rungs.js';
import type { SharedScope } from './shared-scopes.js';

/**
 * What stands in the text for a value that devalue has no form for. The values among its fields are written like any
 * other. `kind` and what else is needed to make the value come first: when values refer to each other in a circle, the
 * value is made before the rest is there. Kinds and fields are on disk: they are permanent.
 */
export interface Payload {
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** What describing a value needs: where it stands and what is allowed there. */
export interface Describer {
  readonly rung: Rung;

  /**
   * Whether the value is to come back, or only a class is told from others: by its code and what it captures (`identity`),
   * or by its state too (`state`).
   */
  readonly purpose: 'value' | 'identity' | 'state';

  /** Throws that the value, or what stands `at` a path inside it, cannot be held. */
  refuse(what: string, why?: { takenBy?: Rung; hint?: string; at?: string; cause?: unknown }): never;

  /** Whether the rung takes what `needed` is the first to take. */
  reaches(needed: Rung): boolean;

  /** `container`, which is ours, with how a path goes on inside it. */
  spelled<T extends object>(container: T, steps: (key: PropertyKey) => string): T;

  /** Takes the memory of a buffer or view and returns its number. `own`: shares nothing with other views. */
  memory(content: ArrayBuffer | ArrayBufferView, own?: 'own'): number;

  /** Notes the variables that a function captures: where another function has one of them too, they may share it. */
  captured(fn: Callable, description: CodeDescription): void;

  /** Where the variables live that a function shares with others, as far as that is known by now. */
  scope(fn: Callable): SharedScope | undefined;

  /** The description of a function; the same one however often it is asked for in one value. */
  description(fn: Callable): FunctionDescription;

  /** What tells a class from all others; notes it as one of this process. */
  identity(Class: Callable): ClassIdentity;

  /** Notes that the text of `member.target` makes `fn`. */
  noteMember(fn: Callable, member: Member): void;

  /** The class whose text makes `fn`, if that class was met. */
  member(fn: Callable): Member | undefined;

  /** What the registration of a class gives for an instance, as the text of a graph of its own. */
  nested(data: unknown, name: string): string;
}

/** Two digests of the description of a class; see `live-classes.ts`. */
export interface ClassIdentity {
  readonly identity: string;
  /** The same with its state, where it has any. */
  readonly state?: string;
}

/** Where a function stands that the text of a class makes. */
export interface Member {
  readonly target: Callable;
  readonly isStatic: boolean;
  readonly key: PropertyKey;
  readonly part: 'value' | 'get' | 'set';
}

/** What making a value from its payload needs. */
export interface Restorer {
  /** The buffer or view with this number. */
  memory(number: unknown): ArrayBuffer | ArrayBufferView;

  /** The value behind a text that `Describer.nested` gave. */
  nested(text: unknown): unknown;

  /** Whether `value` stands for something that is put in its place later. */
  isStandIn(value: unknown): boolean;
}

/** How values of one kind come back. */
export interface Kind {
  /** The first rung that takes values of this kind. */
  readonly rung: Rung;
  /** Makes the value from the fields that come first. Must not call code of the user's. */
  make(payload: Payload, restorer: Restorer): unknown;
  /** Gives it its content, once everything is made and every payload is whole. */
  fill?(value: never, payload: Payload): void;
}
