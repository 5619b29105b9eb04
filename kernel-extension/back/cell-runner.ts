/** Runs compiled cells and expressions on the main thread. */
import path from 'node:path';
import { setTimeout } from 'node:timers';
import vm from 'node:vm';
import type { CellSource, MagicHost, MagicLine } from '../magics/types.js';
import { CHECK } from '../shared/check-names.js';
import type { CellOutcome, CompiledCode, RunnableCell } from '../shared/messages.js';
import { DYNAMIC_IMPORT, IMPORT_META } from '../shared/own-names.js';
import type { CellExecutor, CellRequire } from '../tslab-adapter.js';
import { type Box, Boxes, type OwnNames } from './boxes.js';
import { InterruptError, Interruptible, type Interrupts, type LoopCheck } from './interrupts.js';
import { AwaitedIteration } from './iteration.js';
import type { ModuleLoader } from './module-loader.js';
import type { CellContext } from './output.js';
import { displayed } from './rich-values.js';
import type { Segments } from './segments.js';
import { compiledName, type SourcePositions } from './source-positions.js';
import type { CellPlace, Tracebacks } from './tracebacks.js';

/** How magics run; see `magics/run.ts`. */
export interface MagicRunner {
  runLineMagic(line: MagicLine, host: MagicHost): Promise<unknown>;
  runWithCellMagic(
    magic: MagicLine,
    text: string | undefined,
    host: MagicHost,
    body: () => Promise<void>,
  ): Promise<unknown>;
}

/** What compiled code finds as `__cell`. */
interface CellScope {
  last: unknown;
  own(names: OwnNames): void;
  /** Names of earlier cells have new values. */
  declared(...names: string[]): void;
  imported(): void;
  magic(number: number): Promise<void>;
  iterate(iterable: AsyncIterable<unknown> | Iterable<unknown>): AwaitedIteration;
  /** Loads what may be an ECMAScript module, for the import at an offset in the cell. */
  load(specifier: string, wantsDefault: boolean, offset: number): unknown;
  /** Notes the place of an `await`, an offset in the cell, and gives what is awaited. */
  awaits(value: unknown, offset: number): unknown;
}

type Body = (
  exports: object,
  require: CellRequire,
  cell: CellScope,
  file: string,
  folder: string,
  check: LoopCheck,
  dynamicImport: (specifier: unknown, options?: object) => Promise<object>,
  meta: object,
  ...boxes: object[]
) => unknown;

/** The runner's surroundings. */
export interface RunnerParts {
  readonly cwd: string;
  readonly executor: CellExecutor;
  readonly interrupts: Interrupts;
  readonly segments: Segments;
  readonly context: CellContext;
  readonly tracebacks: Tracebacks;
  readonly positions: SourcePositions;
  readonly modules: ModuleLoader;
  readonly magics: MagicRunner;
  /** The kernel as magics see it, for the running cell. */
  magicHost(running: RunningCell): MagicHost;
}

/** The cell that runs now. */
export interface RunningCell {
  readonly id: number;
  /** Makes what the cell has assigned so far visible to expressions; returns the names. */
  settle(): string[];
  /** Runs an expression as a part of this cell. */
  evaluate(code: CompiledCode): Promise<unknown>;
  /** Filled: what its magics want once it has ended. */
  readonly wishes: { include: CellSource[]; nextInput: string | undefined };
}

/** What code after an `await` gets to clean up after an interrupt, before the cell goes on without it, in milliseconds. */
const CLEANUP_MS = 300;

/** Runs cells, one at a time. */
export class CellRunner {
  /** The boxes of the session. */
  readonly boxes: Boxes = new Boxes();
  readonly #parts: RunnerParts;
  readonly #interruptible = new Interruptible();
  #running = 0;
  #settle: () => unknown = () => undefined;
  #require: CellRequire = () => {
    throw new Error('no cell has run yet');
  };

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  /** The notebook's variable with this name as it is now, those of the running cell included. */
  variable(name: string): { readonly value: unknown } | undefined {
    this.#settle();
    const box = this.boxes.find(name);
    return box === undefined ? undefined : { value: box.v };
  }

  /** Runs a cell to its end. Never rejects: what goes wrong is part of the outcome. */
  async run(id: number, cell: RunnableCell): Promise<CellOutcome> {
    const { code, cellMagic, magics, leading, endsWithMagic, text } = cell;
    const { context, executor, tracebacks } = this.#parts;
    this.#remember(code);
    let awaitedAt: CellPlace | undefined;
    const exports = {};
    let own: OwnNames = {};
    const imports = new Map<string, Box>(code.imports.map((name) => [name, { v: undefined }]));
    const settle = (): string[] => this.boxes.settle(own, exports);
    const wishes: RunningCell['wishes'] = { include: [], nextInput: undefined };
    const running: RunningCell = { id, settle, evaluate: (expression) => this.#evaluate(id, expression), wishes };
    const host = this.#parts.magicHost(running);
    const magic = async (number: number): Promise<void> => {
      const value = await this.#parts.magics.runLineMagic(magics[number] as MagicLine, host);
      if (endsWithMagic && number === magics.length - 1) scope.last = value;
    };
    const scope: CellScope = {
      last: undefined,
      own: (names) => {
        own = names;
      },
      declared: (...names) => {
        for (const name of names) this.boxes.declare(name, own);
      },
      imported: () => {
        fill(imports, exports);
        this.boxes.settle({}, exports);
      },
      magic,
      iterate: (iterable) => new AwaitedIteration(iterable),
      load: (specifier, wantsDefault, offset) => {
        awaitedAt = { name: code.name, offset };
        return this.#parts.modules.load(this.#require, specifier, wantsDefault);
      },
      awaits: (value, offset) => {
        awaitedAt = { name: code.name, offset };
        return value;
      },
    };
    const body = async (): Promise<void> => {
      for (let number = 0; number < leading; number++) await this.#awaited(id, magic(number));
      await this.#drive(id, code, exports, scope, imports);
    };
    this.#running = id;
    this.#settle = settle;
    try {
      await executor.run(code.sideOutputs, (require) => {
        this.#require = this.#parts.modules.reading(require);
        return context.run(id, async () => {
          if (cellMagic === undefined) await body();
          else {
            const value = await this.#awaited(id, this.#parts.magics.runWithCellMagic(cellMagic, text, host, body));
            if (value !== undefined) scope.last = value;
          }
        });
      });
      const data = await context.run(id, () => displayed(scope.last, (step) => this.#parts.segments.run(id, step)));
      return { finished: true, assigned: settle(), wishes, ...(data && { data }) };
    } catch (error) {
      return { finished: false, assigned: settle(), error: tracebacks.report(error, awaitedAt) };
    } finally {
      this.#running = 0;
      this.#settle = () => undefined;
    }
  }

  /** Interrupts what the cell awaits. Where it awaits nothing, its next step finds the wish in the shared memory. */
  interrupt(cell: number): void {
    if (cell !== this.#running || !this.#interruptible.isWaiting) return;
    if (this.#parts.interrupts.take(cell)) this.#interruptible.stop();
  }

  /**
   * A loop of the cell's code has been stopped. As a rule the cell awaits the function that it stands in; where it does not,
   * or where that is caught, what the cell awaits is interrupted a little later.
   */
  loopStopped(cell: number): void {
    const { awaited } = this.#interruptible;
    if (cell !== this.#running || awaited === undefined) return;
    setTimeout(() => {
      if (this.#interruptible.awaited === awaited) this.#interruptible.stop();
    }, CLEANUP_MS);
  }

  /** An interrupt has been thrown into code that nobody waits for. */
  interruptUnheard(): void {
    if (this.#parts.interrupts.hasStopped(this.#running, 0)) this.#interruptible.stop();
  }

  /** The value of an expression that belongs to no running cell. */
  async evaluate(cell: number, code: CompiledCode): Promise<unknown> {
    this.#running = cell;
    try {
      return await this.#parts.context.run(cell, () => this.#evaluate(cell, code));
    } finally {
      this.#running = 0;
    }
  }

  async #evaluate(cell: number, code: CompiledCode): Promise<unknown> {
    // Its text was compiled in brackets.
    this.#remember(code, 1);
    const scope = {
      last: undefined as unknown,
      own() {},
      declared() {},
      imported() {},
      magic: () => Promise.resolve(),
      iterate: (iterable: Iterable<unknown>) => new AwaitedIteration(iterable),
      awaits: (value: unknown) => value,
      load: () => undefined,
    };
    await this.#drive(cell, code, {}, scope, new Map());
    return scope.last;
  }

  /** Runs the body of a cell, step by step if it is a generator: each step is a segment. */
  async #drive(
    cell: number,
    code: CompiledCode,
    exports: object,
    scope: CellScope,
    imports: ReadonlyMap<string, Box>,
  ): Promise<void> {
    const { segments, interrupts, modules } = this.#parts;
    const body = this.#compile(code);
    const boxes = [...code.boxes.map((name) => this.boxes.get(name)), ...imports.values()];
    const file = path.join(this.#parts.cwd, code.name);
    // The executor calls us inside a segment of its own, which knows no handshake.
    await null;
    if (interrupts.take(cell)) throw new InterruptError();
    const { check } = interrupts;
    const require = this.#require;
    const dynamicImport = (specifier: unknown, options?: object): Promise<object> =>
      modules.dynamic(require, specifier, options);
    const result = segments.run(cell, () =>
      body(exports, require, scope, file, this.#parts.cwd, check, dynamicImport, modules.meta, ...boxes),
    );
    if (!code.isGenerator) return;
    const generator = result as Generator<unknown, void, unknown>;
    let resume: () => IteratorResult<unknown, void> = () => generator.next();
    for (;;) {
      if (interrupts.take(cell)) resume = () => generator.throw(new InterruptError());
      const step = segments.run(cell, resume);
      if (step.done) return;
      try {
        const value = await this.#interruptible.race(step.value);
        resume = () => generator.next(value);
      } catch (error) {
        resume = () => generator.throw(error);
      }
    }
  }

  /** Awaits what runs outside the cell's body. */
  async #awaited(cell: number, promise: Promise<unknown>): Promise<unknown> {
    promise.catch(() => {});
    if (this.#parts.interrupts.take(cell)) throw new InterruptError();
    const value = await this.#interruptible.race(promise);
    // A shell command that the interrupt has ended may be heard of before the interrupt.
    if (this.#parts.interrupts.take(cell)) throw new InterruptError();
    return value;
  }

  #remember({ name, source, map, sideOutputs }: CompiledCode, columnsBefore = 0): void {
    const { positions } = this.#parts;
    positions.remember({ name, source, map, linesBefore: 1, columnsBefore });
    for (const { of } of sideOutputs) positions.remember({ ...of, linesBefore: 0 });
  }

  #compile({ name, body, isGenerator, boxes, imports }: CompiledCode): Body {
    const parameters = [
      'exports',
      'require',
      '__cell',
      '__filename',
      '__dirname',
      CHECK,
      DYNAMIC_IMPORT,
      IMPORT_META,
      ...[...boxes, ...imports].map((box) => `__b_${box}`),
    ];
    const head = `(function${isGenerator ? '*' : ''} (${parameters.join(', ')}) { `;
    const script = new vm.Script(`${head}${body}\n})`, { filename: compiledName(name), columnOffset: -head.length });
    return script.runInThisContext() as Body;
  }
}

/** Puts what has been imported by now into the boxes of the cell that imports it. */
function fill(boxes: ReadonlyMap<string, Box>, exports: object): void {
  for (const [name, box] of boxes) {
    if (name in exports) box.v = (exports as Record<string, unknown>)[name];
  }
}
