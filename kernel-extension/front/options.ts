/** The options of the kernel: what `%config` changes. */
import type { KernelOption } from '../magics/types.js';
import type { CellService } from '../typescript/program/service.js';

/** An option of the kernel and what changes it. */
export interface ChangeableOption extends KernelOption {
  set(value: string): void;
}

/** The options, as they are now. */
export class Options {
  readonly #service: () => CellService;
  readonly #values = new Map([
    ['strict', 'off'],
    ['decorators', 'standard'],
  ]);

  constructor(service: () => CellService) {
    this.#service = service;
  }

  /** All of them. */
  list(): readonly ChangeableOption[] {
    return [
      this.#option('strict', 'the strict checks of TypeScript', ['on', 'off'], (value) => ({ strict: value === 'on' })),
      this.#option(
        'decorators',
        'the decorators of the language, or those that TypeScript had before',
        ['standard', 'legacy'],
        (value) => ({ experimentalDecorators: value === 'legacy' }),
      ),
    ];
  }

  #option(
    name: string,
    description: string,
    values: readonly string[],
    change: (value: string) => Parameters<CellService['configure']>[0],
  ): ChangeableOption {
    const set = (value: string): void => {
      this.#values.set(name, value);
      this.#service().configure(change(value));
    };
    return { name, description, values, value: this.#values.get(name) as string, set };
  }
}
