/** The options of the kernel: what `%config` changes. */
import type { CellService } from '../typescript/program/service.js';
import type { ChangeableOption } from './questions.js';

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
