import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyFolder, notebookOf, program, removeFolder, runCells, shown } from './run-cells.js';

let folder: string;
beforeEach(() => {
  folder = emptyFolder();
});
afterEach(() => removeFolder(folder));

describe('fleche run', () => {
  it('gives identical bytes when run twice, of a notebook as Jupyter writes it', async () => {
    const sources = ['const a = { k: [1, 2] }; a', 'console.log(1);', 'throw new Error("x")', ''];
    const first = await runCells(sources, { folder });
    const second = await runCells(sources, { folder });
    expect(second.text).toBe(first.text);
    const notebook = JSON.parse(first.text ?? '');
    expect(notebook).toMatchObject({
      metadata: {
        kernelspec: { display_name: 'TypeScript (fleche)', language: 'typescript', name: 'fleche' },
        language_info: { name: 'typescript', version: '6.0.3', file_extension: '.ts' },
      },
      nbformat: 4,
      nbformat_minor: 5,
    });
    expect(notebook.cells.map((cell: { execution_count: number | null }) => cell.execution_count)).toEqual([
      1,
      2,
      3,
      null,
    ]);
    expect(new Set(notebook.cells.map(({ id }: { id: string }) => id)).size).toBe(4);
    expect(notebook.cells[0]).toEqual({
      cell_type: 'code',
      execution_count: 1,
      id: expect.stringMatching(/^[0-9a-f]{8}$/),
      metadata: {},
      outputs: [
        {
          data: { 'text/plain': ['{ k: [ 1, 2 ] }'] },
          execution_count: 1,
          metadata: {},
          output_type: 'execute_result',
        },
      ],
      source: [sources[0]],
    });
  });

  it('stops at a failing cell, says where, and exits with 1', async () => {
    const { code, stdout, stderr, cells } = await runCells(['1', 'console.log("two"); null.x', '3'], {
      folder,
      options: [],
    });
    expect(code).toBe(1);
    expect(stdout).toBe('1\n');
    expect(stderr).toContain('notebook.ipynb: code cell 2 failed');
    expect(stderr).toContain("cell 2:1:21 - error TS18050: The value 'null' cannot be used here.");
    expect(cells.map(shown)).toEqual([['1'], [expect.stringContaining('cell 2')], []]);
  });

  it('keeps what was shown when a cell ends the process, and exits with 1', async () => {
    const { code, stderr, cells } = await runCells(['console.log(1)', 'console.log(2); process.exit(0)', '3'], {
      folder,
    });
    expect(code).toBe(1);
    expect(stderr).toContain('a cell ended the process');
    expect(cells.map(shown)).toEqual([['out: 1'], ['out: 2'], []]);
  });

  it('writes into the notebook itself, and keeps what is no cell of code', () => {
    const file = join(folder, 'mine.ipynb');
    const notebook = JSON.parse(notebookOf(['process.cwd()']));
    notebook.cells.unshift({ cell_type: 'markdown', id: 'text', metadata: { a: 1 }, source: ['# Title\n', 'text'] });
    notebook.metadata.custom = { b: 2 };
    writeFileSync(file, JSON.stringify(notebook));
    const env = { ...process.env, NO_COLOR: '1' };
    execFileSync(process.execPath, [program, 'run', file, '--inplace'], { stdio: 'pipe', env });
    const written = JSON.parse(readFileSync(file, 'utf8'));
    expect(written.cells[0]).toEqual(notebook.cells[0]);
    expect(written.metadata.custom).toEqual({ b: 2 });
    expect(written.cells[1].outputs[0].data['text/plain']).toEqual([`'${folder}'`]);
  });

  it('lets cells fail that are marked so', async () => {
    writeFileSync(join(folder, 'n.ipynb'), notebookOf([]));
    const notebook = JSON.parse(notebookOf(['null.x', '2']));
    notebook.cells[0].metadata.tags = ['raises-exception'];
    const file = join(folder, 'marked.ipynb');
    writeFileSync(file, JSON.stringify(notebook));
    const { status, stdout } = spawnSync(process.execPath, [program, 'run', file], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, '2\n']);
  });

  it.each([
    ['missing.ipynb', undefined, 'fleche: missing.ipynb does not exist'],
    ['text.ipynb', 'hello', 'is not a notebook: it is not JSON'],
    ['old.ipynb', '{"nbformat": 3, "worksheets": []}', 'is not a notebook of format 4'],
  ])('says what is wrong with %s', (name, content, message) => {
    if (content !== undefined) writeFileSync(join(folder, name), content);
    const { status, stderr } = spawnSync(process.execPath, [program, 'run', name], { cwd: folder, encoding: 'utf8' });
    expect(stderr).toContain(message);
    expect(status).toBe(1);
  });
});

describe('fleche jupyter', () => {
  const jupyter = (...args: string[]) =>
    spawnSync(process.execPath, [program, 'jupyter', ...args], {
      encoding: 'utf8',
      env: { ...process.env, JUPYTER_DATA_DIR: join(folder, 'data') },
    });

  it.each([
    ['the user', [], 'data/kernels/fleche'],
    ['a prefix', ['--prefix', 'P', '--name', 'Mine-1'], 'P/share/jupyter/kernels/mine-1'],
  ])('installs for %s and removes again', (_, options, place) => {
    const args = options.map((option) => (option === 'P' ? join(folder, 'P') : option));
    const spec = join(folder, place);
    const installed = jupyter('install', ...args);
    expect([installed.status, installed.stdout]).toEqual([0, expect.stringContaining(spec)]);
    const { argv, ...rest } = JSON.parse(readFileSync(join(spec, 'kernel.json'), 'utf8'));
    expect(argv).toEqual([process.execPath, program, 'kernel', '--config-path', '{connection_file}']);
    expect(rest).toMatchObject({
      display_name: 'TypeScript (fleche)',
      language: 'typescript',
      interrupt_mode: 'message',
    });
    expect(jupyter('uninstall', ...args).stdout).toContain(`removed ${spec}`);
    expect(() => readFileSync(join(spec, 'kernel.json'))).toThrow('ENOENT');
    expect(jupyter('uninstall', ...args).stdout).toContain('there is no kernel');
  });

  it('leaves the kernels of others alone, and refuses names that Jupyter refuses', () => {
    expect(jupyter('install').status).toBe(0);
    const file = join(folder, 'data/kernels/fleche/kernel.json');
    writeFileSync(file, '{"argv": ["python3", "-m", "ipykernel"]}');
    expect(jupyter('uninstall')).toMatchObject({ status: 1, stderr: expect.stringContaining('another kernel') });
    expect(readFileSync(file, 'utf8')).toContain('ipykernel');
    expect(jupyter('install', '--name', '../up')).toMatchObject({ status: 1 });
    expect(jupyter('install', '--user', '--prefix', folder)).toMatchObject({ status: 1 });
  });
});
