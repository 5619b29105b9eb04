/** Files of packages by names that also hold on another machine: package and path within it. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EngineMissingError } from '../../errors.js';

/** A file of an installed package. */
export interface PackageFile {
  /** `acorn`, `@stdlib/ndarray`. */
  readonly package: string;
  /** Its path inside the package, with slashes. */
  readonly file: string;
}

/** Which file of which package stands at a path or `file:` URL; `undefined` for a file of nobody's package. */
export function packageFileOf(urlOrPath: string): PackageFile | undefined {
  const path = (urlOrPath.startsWith('file:') ? fileURLToPath(urlOrPath) : urlOrPath).replaceAll('\\', '/');
  if (path.startsWith(ownCode)) return { package: 'fleche', file: path.slice(ownRoot.length) };
  if (!path.includes('node_modules')) return undefined;
  const match = /^(.*\/node_modules\/((?:@[^/]+\/)?[^/.][^/]*))\/(.+)$/.exec(path);
  if (match === null) return undefined;
  const [, root = '', name = '', file = ''] = match;
  const first = roots.get(name);
  if (first === undefined) roots.set(name, root);
  // Of two versions of a package in one process, the name can only mean one.
  return first === undefined || first === root ? { package: name, file } : undefined;
}

/** Where packages were seen in this process. */
const roots = new Map<string, string>();

/** We are a package too, also when we run from a checkout. */
const here: string = fileURLToPath(import.meta.url).replaceAll('\\', '/');
const ownCode: string = here.slice(0, here.lastIndexOf('/src/internal/') + '/src/'.length);
const ownRoot: string = ownCode.replace(/\/(dist\/)?src\/$/, '/');

/**
 * Where the file is in this process: in the package that was seen here, else as Node looks for packages, from the
 * working directory and from beside us.
 *
 * @throws EngineMissingError if the package is not installed.
 */
export function packageFilePath(file: PackageFile): string {
  if (file.package === 'fleche') return join(ownRoot, file.file);
  const seen = roots.get(file.package);
  if (seen !== undefined) return join(seen, file.file);
  for (const start of [process.cwd(), dirname(fileURLToPath(import.meta.url))]) {
    for (let at = start; ; at = dirname(at)) {
      const path = join(at, 'node_modules', file.package, file.file);
      if (existsSync(path)) return path;
      if (dirname(at) === at) break;
    }
  }
  throw new EngineMissingError({
    engine: file.package,
    neededBy: `a stored function that uses ${file.package}/${file.file}`,
    install: `npm install ${file.package}`,
  });
}
