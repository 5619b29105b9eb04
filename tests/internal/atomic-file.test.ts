import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RejectedError } from '../../src/errors.js';
import {
  publishFile,
  removeFile,
  sweepTemporaries,
  temporaryBeside,
  writeFileAtomically,
} from '../../src/internal/atomic-file.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fleche-atomic-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const bytes = (text: string): Uint8Array => Buffer.from(text);
/** The module as it is built, for processes of their own. */
const built = new URL('../../dist/src/internal/atomic-file.js', import.meta.url).href;
const thrown = (body: () => unknown): unknown => {
  try {
    body();
  } catch (error) {
    return error;
  }
  return undefined;
};

test.each([[true], [false]])('pieces end up one after the other in one file (fsync %s)', (fsync) => {
  const path = join(directory, 'made', 'on', 'the way', 'file');
  writeFileAtomically(path, [bytes('ab'), bytes(''), bytes('c')], { fsync });
  expect(readFileSync(path, 'utf8')).toBe('abc');
  writeFileAtomically(path, [bytes('new')], { fsync });
  expect(readFileSync(path, 'utf8')).toBe('new');
  writeFileAtomically(path, [], { fsync });
  expect(readFileSync(path, 'utf8')).toBe('');
  expect(readdirSync(dirname(path))).toEqual(['file']);
  expect(statSync(path).mode & 0o777).toBe(0o666 & ~process.umask());
});

test('more pieces than one system call takes', () => {
  const pieces = Array.from({ length: 5000 }, (_, i) => Buffer.alloc(i % 40, i % 256));
  const path = join(directory, 'file');
  writeFileAtomically(path, pieces, { fsync: false });
  expect(readFileSync(path).equals(Buffer.concat(pieces))).toBe(true);
});

test('views are written as what they show', () => {
  const path = join(directory, 'file');
  const floats = new Float64Array([1, 2, 3]).subarray(1, 2);
  writeFileAtomically(path, [new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength)], { fsync: false });
  expect(readFileSync(path).readDoubleLE()).toBe(2);
});

test('a temporary name is hidden, in the same directory and never the same', () => {
  const path = join(directory, 'file');
  const names = Array.from({ length: 1000 }, () => temporaryBeside(path));
  expect(new Set(names).size).toBe(1000);
  for (const name of names) {
    expect(dirname(name)).toBe(directory);
    expect(basename(name)).toMatch(/^\.file\..*\.tmp$/);
  }
});

test('a writer that fails leaves the old file and nothing else, and its error is told', () => {
  const path = join(directory, 'file');
  writeFileSync(path, 'old');
  const failure = new TypeError('mine');
  expect(
    thrown(() =>
      publishFile(path, { fsync: true }, (temporary) => {
        writeFileSync(temporary, 'half');
        throw failure;
      }),
    ),
  ).toBe(failure);
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(directory)).toEqual(['file']);
});

test('a path that cannot be a file is refused with the cause', () => {
  mkdirSync(join(directory, 'taken', 'inside'), { recursive: true });
  const error = thrown(() => writeFileAtomically(join(directory, 'taken'), [bytes('x')], { fsync: false }));
  expect(error).toBeInstanceOf(RejectedError);
  expect((error as Error).message).toMatch(/takes no changes: a directory has this name$/);
  expect((error as Error).cause).toMatchObject({ syscall: 'rename' });
  expect(readdirSync(directory)).toEqual(['taken']);
});

test('an error of the system that has no words of ours is told in its own', () => {
  const loop = join(directory, 'loop');
  spawnSync('ln', ['-s', loop, loop]);
  const error = thrown(() => writeFileAtomically(join(loop, 'file'), [bytes('x')], { fsync: false }));
  expect(error).toBeInstanceOf(RejectedError);
  expect((error as Error).message).toMatch(/takes no changes: ELOOP/);
});

test('a directory that takes no changes is said so, also on removal', () => {
  writeFileSync(join(directory, 'file'), 'x');
  chmodSync(directory, 0o555);
  const script = `
    import { removeFile, writeFileAtomically } from ${JSON.stringify(built)};
    process.setuid?.(process.getuid() === 0 ? 65534 : process.getuid());
    for (const attempt of [
      () => writeFileAtomically(process.argv[1] + '/file', [Buffer.from('y')], { fsync: false }),
      () => removeFile(process.argv[1] + '/file'),
    ]) {
      try { attempt(); console.log('done'); } catch (error) { console.log(error.name, error.message.split(': ').at(-1)); }
    }`;
  const { stdout, stderr } = runModule(script, directory);
  chmodSync(directory, 0o755);
  expect(stderr).toBe('');
  expect(stdout).toBe('RejectedError permission denied\nRejectedError permission denied\n');
  expect(readFileSync(join(directory, 'file'), 'utf8')).toBe('x');
});

test('a write that is cut short goes on, and when it cannot, nothing is left', () => {
  const path = join(directory, 'file');
  writeFileSync(path, 'old');
  const script = `
    import { writeFileAtomically } from ${JSON.stringify(built)};
    const bytes = (size) => Buffer.alloc(size, 1);
    writeFileAtomically(process.argv[1] + '2', [bytes(30_000), bytes(20_000)], { fsync: true });
    try { writeFileAtomically(process.argv[1], [bytes(30_000), bytes(30_000), bytes(70_000)], { fsync: true }); }
    catch (error) { console.log(error.name, error.message.split(': ').at(-1), error.cause.code); }`;
  // Shells count in blocks of 512 or 1024 bytes; the system first writes up to the limit, and fails at the next attempt.
  const limited = 'ulimit -f 100 && exec "$0" --input-type=module -e "$1" "$2"';
  const { stdout } = spawnSync('sh', ['-c', limited, process.execPath, script, path], { encoding: 'utf8' });
  expect(stdout).toBe('RejectedError the file would be larger than the file system or a limit allows EFBIG\n');
  expect(readdirSync(directory)).toEqual(['file', 'file2']);
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(statSync(`${path}2`).size).toBe(50_000);
});

test('removing says whether there was something', () => {
  writeFileSync(join(directory, 'file'), 'x');
  expect(removeFile(join(directory, 'file'))).toBe(true);
  expect(removeFile(join(directory, 'file'))).toBe(false);
  expect(removeFile(join(directory, 'none', 'file'))).toBe(false);
});

test('what a killed writer left is swept by the next one when it is old', () => {
  const path = join(directory, 'file');
  const script = `
    import { publishFile } from ${JSON.stringify(built)};
    import { writeFileSync } from 'node:fs';
    publishFile(process.argv[1], { fsync: false }, (temporary) => {
      writeFileSync(temporary, 'half');
      process.kill(process.pid, 'SIGKILL');
      for (;;);
    });`;
  expect(runModule(script, path).signal).toBe('SIGKILL');
  const [left = ''] = readdirSync(directory);
  expect(left).toMatch(/^\.file\..*\.tmp$/);
  sweepTemporaries(directory);
  expect(readdirSync(directory)).toEqual([left]);
  const longAgo = new Date(Date.now() - 2 * 3_600_000);
  utimesSync(join(directory, left), longAgo, longAgo);
  writeFileAtomically(path, [bytes('whole')], { fsync: false });
  expect(readdirSync(directory)).toEqual(['file']);
});

test('what a living process writes is left alone for a day', () => {
  const mine = temporaryBeside(join(directory, 'file'));
  const old = (hours: number): void => utimesSync(mine, new Date(), new Date(Date.now() - hours * 3_600_000));
  writeFileSync(mine, 'half');
  old(23);
  sweepTemporaries(directory);
  expect(existsSync(mine)).toBe(true);
  old(25);
  sweepTemporaries(directory);
  expect(existsSync(mine)).toBe(false);
});

test('hidden files of others are not swept', () => {
  const others = ['.bashrc', '.tmp', '.file.tmp', '.file.x-1.tmp', 'file.1-x.tmp'];
  for (const name of others) {
    writeFileSync(join(directory, name), 'x');
    utimesSync(join(directory, name), new Date(0), new Date(0));
  }
  sweepTemporaries(directory);
  expect(readdirSync(directory).sort()).toEqual(others.sort());
});

function runModule(script: string, argument: string): { stdout: string; stderr: string; signal: string | null } {
  return spawnSync(process.execPath, ['--input-type=module', '-e', script, argument], { encoding: 'utf8' });
}
