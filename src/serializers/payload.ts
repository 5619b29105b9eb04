import type { Rung } from './rungs.js';

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

  /** Throws that the value, or what stands `at` a path inside it, cannot be held. */
  refuse(what: string, why?: { takenBy?: Rung; hint?: string; at?: string; cause?: unknown }): never;

  /** Whether the rung takes what `needed` is the first to take. */
  reaches(needed: Rung): boolean;

  /** `container`, which is ours, with how a path goes on inside it. */
  spelled<T extends object>(container: T, steps: (key: PropertyKey) => string): T;

  /** Takes the memory of a buffer or view and returns its number. `own`: shares nothing with other views. */
  memory(content: ArrayBuffer | ArrayBufferView, own?: 'own'): number;

  /**
   * Notes a variable that a function captures, and throws if another function of the value captures the same one and one
   * of them assigns it: each would get a variable of its own.
   */
  variable(name: string, value: unknown, assigned: boolean): void;
}

/** What making a value from its payload needs. */
export interface Restorer {
  /** The buffer or view with this number. */
  memory(number: unknown): ArrayBuffer | ArrayBufferView;

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
