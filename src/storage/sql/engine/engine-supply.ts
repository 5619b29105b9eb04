import { setImmediate } from 'node:timers';
import { isFlecheError, StorageLockedError } from '../../../errors.js';
import { type Engine, loadEngine } from './engine.js';

/**
 * SQLite for the handles of one thread, and another one when it was stopped in the middle.
 *
 * A notebook's interrupt ends running code wherever it stands: inside SQLite too, and no `finally` runs. What SQLite then
 * has in memory cannot be trusted any more, and it still holds its locks. So such an engine is given up: its files are
 * closed, which frees the locks, and the next one undoes from the journal what was half done. The same goes for an engine
 * that ran out of stack.
 */
export class EngineSupply {
  #engine: Engine;
  #spare: Engine | undefined;
  #running = false;
  #watched = false;

  private constructor(engine: Engine, spare: Engine) {
    this.#engine = engine;
    this.#spare = spare;
  }

  /**
   * Loads the engine, and the spare one that storages, being synchronous, cannot wait for later: about 40 ms and 10 MB,
   * of which the spare takes a third and a tenth.
   *
   * @throws EngineMissingError if sql.js is not installed or cannot be put on real files.
   */
  static async create(): Promise<EngineSupply> {
    const engine = await loadEngine();
    return new EngineSupply(engine, await loadEngine());
  }

  /** Runs `action`, which must not run another one of these, on an engine that is sound. */
  run<T>(action: (engine: Engine) => T): T {
    this.#watch();
    if (this.#running) this.#replace();
    this.#running = true;
    const engine = this.#engine;
    let result: T;
    try {
      result = action(engine);
    } catch (error) {
      // Our own errors come when all is tidy again. Any other one, as the end of the stack, may have come anywhere.
      if (isFlecheError(error) && !engine.broken) this.#running = false;
      throw error;
    }
    this.#running = false;
    return result;
  }

  /** Nothing synchronous outlives its turn of the event loop: who still seems to run then was stopped, and holds locks. */
  #watch(): void {
    if (this.#watched) return;
    setImmediate(() => {
      this.#watched = false;
      if (this.#running && this.#spare !== undefined) this.#replace();
    });
    this.#watched = true;
  }

  #replace(): void {
    this.#engine.abandon();
    const next = this.#spare;
    if (next === undefined) {
      throw new StorageLockedError({
        location: 'SQLite',
        reason: 'it was stopped in the middle of its work and is being started again; try again in a moment',
      });
    }
    this.#engine = next;
    this.#spare = undefined;
    this.#running = false;
    loadEngine().then(
      (engine) => {
        this.#spare = engine;
      },
      () => {},
    );
  }
}

let shared: Promise<EngineSupply> | undefined;

/** The engines for the database files of this thread, loaded on first use. Throws what {@link EngineSupply.create} throws. */
export function sharedEngines(): Promise<EngineSupply> {
  shared ??= EngineSupply.create().catch((error: unknown) => {
    shared = undefined;
    throw error;
  });
  return shared;
}
