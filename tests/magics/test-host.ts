import { createRequire } from 'node:module';
import { runShell } from '../../kernel-extension/back/shell.js';
import { builtInMagics } from '../../kernel-extension/magics/built-in.js';
import { parseCell } from '../../kernel-extension/magics/parse.js';
import { addedMagics } from '../../kernel-extension/magics/registry.js';
import type {
  CellSource,
  InputRequest,
  KernelOption,
  MagicHost,
  MagicLine,
  MimeBundle,
  NotebookName,
  ShellOptions,
  TypeScript,
} from '../../kernel-extension/magics/types.js';
import { compileExpression } from '../../kernel-extension/stock-tslab/evaluate.js';

const ts = createRequire(import.meta.url)('@tslab/typescript-for-tslab') as TypeScript;

/** A host that keeps what magics write and show, evaluates over `names` and runs real commands. */
export class TestHost implements MagicHost {
  stdout = '';
  stderr = '';
  readonly shown: MimeBundle[] = [];
  readonly variables: Record<string, unknown>;
  readonly included: CellSource[] = [];
  readonly asked: InputRequest[] = [];
  nextInput: string | undefined;
  strict = 'off';

  constructor(variables: Record<string, unknown> = {}) {
    this.variables = variables;
  }

  write(stream: 'stdout' | 'stderr', text: string): void {
    this[stream] += text;
  }

  display(bundle: MimeBundle): void {
    this.shown.push(bundle);
  }

  async evaluate(expression: string): Promise<unknown> {
    return (await this.compile(expression))();
  }

  async compile(expression: string): Promise<() => Promise<unknown>> {
    return compileExpression(ts, expression, this.variables);
  }

  call<T>(step: () => T): T {
    return step();
  }

  shell(command: string, { shell, shellArguments = [], parameters = [], capture }: ShellOptions = {}): Promise<number> {
    return runShell(command, {
      cwd: process.cwd(),
      ...(shell !== undefined && { shell }),
      shellArguments,
      parameters,
      write: (isError, bytes) => {
        const text = Buffer.from(bytes).toString();
        if (capture !== undefined && !isError) capture(text);
        else this.write(isError ? 'stderr' : 'stdout', text);
      },
      group() {},
    });
  }

  async names(): Promise<readonly NotebookName[]> {
    return Object.entries(this.variables).map(([name, value]) => ({ name, type: typeof value, isType: false, value }));
  }

  async forget(): Promise<void> {
    for (const name of Object.keys(this.variables)) delete this.variables[name];
  }

  async history(request: InputRequest): Promise<readonly (readonly [number, string])[]> {
    this.asked.push(request);
    return [
      [1, 'one'],
      [2, 'two\n2'],
    ];
  }

  async options(): Promise<readonly KernelOption[]> {
    return [{ name: 'strict', description: 'checks strictly', values: ['on', 'off'], value: this.strict }];
  }

  async setOption(_: string, value: string): Promise<void> {
    this.strict = value;
  }

  include(cells: readonly CellSource[]): void {
    this.included.push(...cells);
  }

  replaceCell(text: string): void {
    this.nextInput = text;
  }
}

/** A line as the parser gives it: `%fleche ls`, `%%fleche void`, `!ls`. */
export function lineOf(text: string): MagicLine {
  const magics = new Map([...builtInMagics, ...addedMagics().map((magic) => [magic.name, magic] as const)]);
  const cell = parseCell(ts, text, { isVariable: () => false, magics });
  const line = cell.cellMagic ?? cell.lines[0];
  if (line === undefined) throw new Error(`${text} is no magic`);
  return line;
}
