import { afterEach, describe, expect, test } from 'vitest';
import type { Callable } from '../../../src/internal/functions/function-source.js';
import { withPauses } from '../../../src/internal/functions/pauses.js';
import { sharersOf } from '../../../src/internal/functions/shared-variables.js';

function counters() {
  let n = 0;
  const ran: string[] = [];
  return {
    ran,
    now: () => n,
    arrow: () => ++n,
    plain() {
      ran.push('plain');
      try {
        n += 1;
      } finally {
        n = 100;
      }
    },
    *generator() {
      ran.push('generator');
      yield n;
    },
    async *asyncGenerator() {
      ran.push('asyncGenerator');
      yield n;
    },
    async defaults(a = ++n) {
      ran.push('defaults');
      n += a;
    },
    patterns({ a = ++n, b: { c } }: { a: number; b: { c: number } }, [d = n++]: number[], ...rest: unknown[]) {
      ran.push('patterns');
      return [a, c, d, rest, n];
    },
  };
}

describe('a function that is stopped', () => {
  test.each(['arrow', 'plain', 'generator', 'asyncGenerator', 'defaults', 'patterns'] as const)('%s', async (name) => {
    const made = counters();
    const seen = withPauses((pauseIn) =>
      pauseIn(made[name] as Callable, (evaluate) => {
        const before = evaluate('n');
        evaluate('n = $fleche.given', 7);
        const meanwhile = made.now();
        evaluate('n = $fleche.given', before);
        return [before, meanwhile];
      }),
    );
    expect(seen).toEqual([0, 7]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect([made.now(), made.ran]).toEqual([0, []]);
    expect('$fleche' in globalThis).toBe(false);
  });

  test('tells what fails there, and goes on', () => {
    const { arrow, now } = counters();
    expect(() => withPauses((pauseIn) => pauseIn(arrow, (evaluate) => evaluate('nobody = 1')))).toThrow(
      'the inspector',
    );
    expect('nobody' in globalThis).toBe(false);
    expect(arrow()).toBe(1);
    expect(now()).toBe(1);
  });
});

describe('functions of a host that keeps variables in boxes', () => {
  const hostName = Symbol.for('fleche.functionHost');
  afterEach(() => Reflect.deleteProperty(globalThis, hostName));

  test('share what is in one box', () => {
    const [one, two] = [{ v: 1 }, { v: 1 }];
    const users = [one, one, two].map((box) => ({ fn: () => box.v, box }));
    const [a, b, c] = users.map(({ fn }) => fn);
    expect(sharersOf('n', users)).toEqual([[a, b], [c]]);
  });

  test('share what one of them sees as it is, and another through a box', () => {
    let n = 1;
    const inc = () => ++n;
    const other = (() => {
      let n = 1;
      return () => ++n;
    })();
    const box = {
      get v() {
        return n;
      },
    };
    const boxes = { get: () => box.v, again: () => box.v };
    Object.defineProperty(globalThis, hostName, {
      value: {
        source: (fn: unknown) => (fn === boxes.get || fn === boxes.again ? '() => n' : undefined),
        variable: (name: string, scope: (name: string) => unknown, fn: unknown) =>
          fn === boxes.get || fn === boxes.again ? { value: box.v } : scope(name),
      },
      configurable: true,
    });
    const users = [
      { fn: boxes.get, box },
      { fn: inc, box: undefined },
      { fn: other, box: undefined },
      { fn: boxes.again, box },
    ];
    expect(sharersOf('n', users)).toEqual([[inc, boxes.get, boxes.again], [other]]);
    expect([inc(), other()]).toEqual([2, 2]);
  });
});
