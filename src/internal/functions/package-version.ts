import { readFileSync } from 'node:fs';
import { type PackageFile, packageFilePath } from './package-files.js';

const versions = new Map<string, string>();

/** The version of the package that a file belongs to, by its package.json; empty where it has none. */
export function packageVersion(file: PackageFile): string {
  const path = packageFilePath(file);
  const root = path.slice(0, path.length - file.file.length);
  let version = versions.get(root);
  if (version === undefined) {
    version = readVersion(`${root}package.json`);
    versions.set(root, version);
  }
  return version;
}

function readVersion(manifest: string): string {
  try {
    return String((JSON.parse(readFileSync(manifest, 'utf8')) as { version?: unknown }).version ?? '');
  } catch {
    return '';
  }
}
