import type { MetadataFields, MetadataProvider } from './provider.js';

/**
 * The state of the git repository around the working directory when a call began. Its fields are those of the Python
 * library: `root`, `commit`, `branch` and `dirty` (whether tracked files differ from the commit); each is `null` outside
 * of a repository, and without `git`. Starts `git` twice, so it is for calls that take longer than that.
 *
 * @example
 * import { cache, fleche, git } from 'fleche';
 * cache('memory');
 * const add = fleche({ meta: git }, (a: number, b: number) => a + b);
 * add(2, 3);
 * console.log(Object.keys(cache().load(add.fleche.digest(2, 3)).metadata.git ?? {})); // [ 'root', 'commit', 'branch', 'dirty' ]
 */
export const git: MetadataProvider = {
  namespace: 'git',
  start: state,
};

function state(): MetadataFields {
  const root = output('rev-parse', '--show-toplevel')?.trimEnd();
  const status =
    root === undefined ? undefined : output('status', '--porcelain=v2', '--branch', '--untracked-files=no');
  if (root === undefined || status === undefined) return { root: null, commit: null, branch: null, dirty: null };
  const header = (name: string): string | null =>
    new RegExp(`^# branch\\.${name} (.+)$`, 'm').exec(status)?.[1] ?? null;
  const [commit, branch] = [header('oid'), header('head')];
  return {
    root,
    commit: commit === '(initial)' ? null : commit,
    branch: branch === '(detached)' ? null : branch,
    dirty: /^[^#]/m.test(status),
  };
}

/** What a command of git prints; `undefined` if it fails or there is no git. */
function output(...args: readonly string[]): string | undefined {
  // Loaded when it is used: most caches never ask for it.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return status === 0 ? stdout : undefined;
}
