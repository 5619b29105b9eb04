/**
 * TypeScript reads the text of a file and asks for its version afterwards. Who writes to the file between the two would have
 * the old text taken for the new one from then on; here a text that has a version keeps it.
 */
import type ts from 'typescript';
import type { FileContent } from '../../shared/file-versions.js';
import type { TypeScript } from '../load-typescript.js';

interface VersionedSnapshot extends ts.IScriptSnapshot {
  readonly version?: string;
}

/** A file as TypeScript takes it. */
export function snapshotOf(typescript: TypeScript, file: FileContent | undefined): ts.IScriptSnapshot | undefined {
  return file && Object.assign(typescript.ScriptSnapshot.fromString(file.text), { version: file.version });
}

/** A registry whose files have the versions of their snapshots, where these have one. */
export function createVersionedRegistry(
  typescript: TypeScript,
  cwd: string,
  jsDocParsingMode: ts.JSDocParsingMode,
): ts.DocumentRegistry {
  const registry = typescript.createDocumentRegistry(true, cwd, jsDocParsingMode);
  const { acquireDocumentWithKey: acquire, updateDocumentWithKey: update } = registry;
  const ownOr = (version: string, snapshot: VersionedSnapshot): string => snapshot.version ?? version;
  return {
    ...registry,
    acquireDocumentWithKey: (name, path, settings, key, snapshot, version, ...rest) =>
      acquire(name, path, settings, key, snapshot, ownOr(version, snapshot), ...rest),
    updateDocumentWithKey: (name, path, settings, key, snapshot, version, ...rest) =>
      update(name, path, settings, key, snapshot, ownOr(version, snapshot), ...rest),
  };
}
