/** The kernel gets ready for questions while nobody asks, and leaves off as soon as somebody does. */
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Checker } from '../../kernel-extension/front/checker.js';
import { IdleWork } from '../../kernel-extension/front/idle-work.js';
import { loadTypeScript } from '../../kernel-extension/typescript/load-typescript.js';

describe('work for idle time', () => {
  it('goes on part by part until there is no more, each time that it is asked for', async () => {
    let parts = 0;
    let done: () => void = () => {};
    const work = new IdleWork(() => {
      parts++;
      if (parts % 3 === 0) done();
      return parts % 3 !== 0;
    });
    for (const total of [3, 6]) {
      const ended = new Promise<void>((resolve) => {
        done = resolve;
      });
      work.postpone(0);
      await ended;
      await turn();
      await turn();
      expect(parts).toBe(total);
    }
  });

  it('is left off between parts when it is postponed', async () => {
    let parts = 0;
    const work = new IdleWork(() => {
      parts++;
      // As a request that has come in during this part.
      setImmediate(() => work.postpone(3_600_000));
      return true;
    });
    work.postpone(0);
    while (parts === 0) await turn();
    await delay(50);
    // Another part may have begun in the turn in which the request came.
    expect(parts).toBeLessThanOrEqual(2);
  });

  it('waits for as long as anybody has asked it to', async () => {
    let parts = 0;
    const work = new IdleWork(() => {
      parts++;
      return false;
    });
    work.postpone(3_600_000);
    work.postpone(0);
    await delay(50);
    expect(parts).toBe(0);
  });
});

describe('reading the types of Node between cells', () => {
  it('goes on until the next cell has them', () => {
    const checker = new Checker(loadTypeScript().ts, process.cwd(), () => {});
    const hasTypes = (): boolean =>
      checker
        .start()
        .service.program()
        .getSourceFiles()
        .some(({ fileName }) => fileName.endsWith('/@types/node/index.d.ts'));
    let parts = 0;
    for (; parts < 1000 && !hasTypes(); parts++) {
      checker.convert(`const n${parts} = ${parts}`, 'cell.ts');
      checker.commit([], true);
      checker.readAhead();
    }
    expect(parts).toBeGreaterThan(10);
    expect(hasTypes()).toBe(true);
  });
});
