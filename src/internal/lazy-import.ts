import { EngineMissingError } from '../errors.js';

/**
 * Loads the package that one backend needs, on first use, so that `import 'fleche'` pays for none of them.
 *
 * @param specifier The package: `h5wasm`.
 * @param load Does the import; a literal specifier inside it keeps the types and lets tools see the dependency.
 * @throws EngineMissingError if the package is not installed or does not load here; says what to type.
 */
export async function lazyImport<T>(
  specifier: string,
  load: () => Promise<T>,
  fields: { neededBy: string; install: string },
): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new EngineMissingError({ engine: specifier, ...fields, cause });
  }
}
