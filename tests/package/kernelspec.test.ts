/** `fleche jupyter install` and `uninstall`, as typed. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from './source-files.js';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'fleche-kernelspec-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function jupyter(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const { JUPYTER_DATA_DIR: _data, XDG_DATA_HOME: _xdg, ...env } = process.env;
  return spawnSync(process.execPath, [join(ROOT, 'dist/kernel-extension/main.js'), 'jupyter', ...words], {
    encoding: 'utf8',
    cwd: folder,
    env: { ...env, HOME: folder },
  });
}
function specIn(data: string, name = 'fleche'): string {
  return join(data, 'kernels', name, 'kernel.json');
}

describe('fleche jupyter install', () => {
  it.each([
    ['--prefix DIR', ['--prefix', 'some/prefix'], 'some/prefix/share/jupyter'],
    ['--user', ['--user'], process.platform === 'darwin' ? 'Library/Jupyter' : '.local/share/jupyter'],
    ['nothing, which is --user', [], process.platform === 'darwin' ? 'Library/Jupyter' : '.local/share/jupyter'],
  ])('with %s writes a kernelspec that starts this kernel, and uninstall removes it', (_name, words, data) => {
    const { status, stdout, stderr } = jupyter('install', ...words);
    expect(status, stderr).toBe(0);
    const file = specIn(join(folder, data));
    expect(stdout).toContain(join(file, '..'));
    const spec = JSON.parse(readFileSync(file, 'utf8')) as { argv: string[]; display_name: string; language: string };
    expect(spec).toMatchObject({ display_name: 'TypeScript (fleche)', language: 'typescript' });
    expect(spec.argv.slice(2)).toEqual(['kernel', '--config-path', '{connection_file}']);
    expect(spec).toMatchObject({ env: { MALLOC_ARENA_MAX: '2' } });
    expect(spec.argv.slice(0, 2).filter((path) => !existsSync(path))).toEqual([]);
    expect(jupyter('uninstall', ...words).status).toBe(0);
    expect(existsSync(join(file, '..'))).toBe(false);
    expect(jupyter('uninstall', ...words).stdout).toContain('there is no kernel');
  });

  it('with --sys-prefix writes to the environment of python3', (context) => {
    const python = spawnSync('python3', ['-m', 'venv', '--without-pip', join(folder, 'venv')]);
    if (python.status !== 0) return context.skip('there is no python3 with venv here');
    const path = process.env.PATH;
    process.env.PATH = `${join(folder, 'venv/bin')}:${path}`;
    try {
      expect(jupyter('install', '--sys-prefix').status).toBe(0);
    } finally {
      process.env.PATH = path;
    }
    expect(existsSync(specIn(join(folder, 'venv/share/jupyter')))).toBe(true);
  });

  it('takes another name', () => {
    expect(jupyter('install', '--prefix', '.', '--name', 'mine').status).toBe(0);
    expect(existsSync(specIn(join(folder, 'share/jupyter'), 'mine'))).toBe(true);
  });

  it('refuses what cannot be: a name that Jupyter does not take, two places at once', () => {
    const wrong = jupyter('install', '--prefix', '.', '--name', '../x');
    expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringContaining('is no name for a kernel')]);
    expect(jupyter('install', '--user', '--prefix', '.').status).not.toBe(0);
    expect(existsSync(join(folder, 'share'))).toBe(false);
  });
});

it('fleche jupyter uninstall leaves the kernel of somebody else', () => {
  const file = specIn(join(folder, 'share/jupyter'));
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, JSON.stringify({ argv: ['python', '-m', 'ipykernel'] }));
  const { status, stderr } = jupyter('uninstall', '--prefix', '.');
  expect([status, stderr]).toEqual([1, expect.stringContaining('the kernelspec of another kernel')]);
  expect(existsSync(file)).toBe(true);
});
