import { CorruptEntryError, FlecheError } from '../errors.js';
import { framed, unframed } from './frame.js';
import { flatten, restore } from './graph.js';
import { isRung, type Rung, reaches } from './rungs.js';
import type { Serializer } from './types.js';

/**
 * Data, exactly: everything that JavaScript data can be, with shared parts, circles and views that share memory. What
 * would lose something is an error that says where. Loading runs no code.
 *
 * @example
 * import { pickle } from 'fleche/storage';
 * const pieces = pickle.dump(new Map([['a', [1, undefined, -0]]]));
 */
export const pickle: Serializer = rung('pickle', 'data');

/**
 * Like {@link pickle}, and also functions, what they capture, classes and their instances: code of yours by value, code of
 * packages and of Node by name. Loading runs code: load only what you trust.
 */
export const cloudpickle: Serializer = rung('cloudpickle', 'code');

/**
 * Like {@link cloudpickle}, and also private fields, getters and setters, hidden and read-only properties, and symbols.
 * Loading runs code: load only what you trust.
 */
export const dill: Serializer = rung('dill', 'everything');

function rung(name: Rung, holds: Serializer['holds']): Serializer {
  return {
    name,
    holds,
    dump: (value) => framed(name, flatten(value, name)),
    load: (source) => {
      const flat = unframed(source);
      const corrupt = (reason: string, cause?: unknown): CorruptEntryError =>
        new CorruptEntryError({ location: source.location, reason, ...(cause !== undefined && { cause }) });
      if (!isRung(flat.serializer)) throw corrupt(`the serializer ${flat.serializer} wrote it, not ${name}`);
      if (!reaches(name, flat.serializer)) {
        throw corrupt(`${flat.serializer} wrote it, and ${name} does not load that; use ${flat.serializer}`);
      }
      try {
        return restore(flat, name);
      } catch (error) {
        // Every byte is as it was written; what is missing is a package, or a newer Node or fleche.
        if (error instanceof FlecheError) throw error;
        throw corrupt(error instanceof Error ? error.message : String(error), error);
      }
    },
  };
}
