import { ConfigurationError } from '../errors.js';
import { cloudpickle, dill, pickle } from './ladder.js';
import type { Serializer } from './types.js';

const serializers = new Map<string, Serializer>([pickle, cloudpickle, dill].map((each) => [each.name, each]));

/**
 * Makes a serializer of your own known by its name.
 *
 * @throws ConfigurationError if the name is taken by another one, or is not made of lower-case letters.
 * @example
 * import { registerSerializer } from 'fleche/storage';
 * registerSerializer({
 *   name: 'json',
 *   holds: 'data',
 *   dump: (value) => [Buffer.from(JSON.stringify(value))],
 *   load: (source) => {
 *     const bytes = Buffer.alloc(source.sizeBytes);
 *     source.read(bytes, 0);
 *     return JSON.parse(bytes.toString()) as unknown;
 *   },
 * });
 */
export function registerSerializer(serializer: Serializer): void {
  const { name } = serializer;
  if (!/^[a-z]+$/.test(name)) {
    throw new ConfigurationError(`the name of a serializer is made of lower-case letters, not ${JSON.stringify(name)}`);
  }
  const known = serializers.get(name);
  if (known !== undefined && known !== serializer) {
    throw new ConfigurationError(`there is a serializer ${name} already; give yours another name`);
  }
  serializers.set(name, serializer);
}

/**
 * The serializer with this name: `pickle`, `cloudpickle`, `dill` or one that {@link registerSerializer} was given.
 *
 * @throws ConfigurationError if there is none.
 */
export function serializerNamed(name: string): Serializer {
  const serializer = serializers.get(name);
  if (serializer === undefined) {
    throw new ConfigurationError(`there is no serializer ${name}; known are ${[...serializers.keys()].join(', ')}`);
  }
  return serializer;
}
