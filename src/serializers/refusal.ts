import { SerializationError } from '../errors.js';

/** The fields that a {@link SerializationError} is made of. */
export type Refusal = ConstructorParameters<typeof SerializationError>[0];

const refusals = new WeakMap<SerializationError, Refusal>();

/** A {@link SerializationError} whose path {@link withPathPrefix} can lengthen. */
export function refused(refusal: Refusal): SerializationError {
  const error = new SerializationError(refusal);
  refusals.set(error, refusal);
  return error;
}

/**
 * The error of a part, told from the whole: with `path` of the part in front of the path inside it. Any other error is
 * returned as it is.
 *
 * @param path where the part stands: `result`, `.arguments[1]`.
 * @param serializer who refuses it, if not the serializer that did.
 */
export function withPathPrefix(error: unknown, path: string, serializer?: string): unknown {
  const refusal = error instanceof SerializationError ? refusals.get(error) : undefined;
  if (refusal === undefined) return error;
  return refused({ ...refusal, path: path + refusal.path, serializer: serializer ?? refusal.serializer });
}
