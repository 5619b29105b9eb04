import { duration } from '../duration.js';
import type { BuiltInMagic } from '../registry.js';
import type { MagicHost } from '../types.js';
import { measuredExpression } from './measured-expression.js';

/** A number of loops is found that takes at least so long, in seconds. */
const LEAST_SECONDS = 0.2;
const MOST_LOOPS = 1e9;

/** Runs the expression so many times and gives the seconds that took. */
type Loops = (count: number) => Promise<number>;

export const timeit: BuiltInMagic = {
  name: 'timeit',
  description: 'measures an expression by running it many times',
  arguments: [
    { name: 'expression', description: 'TypeScript; with await, what it waits for counts too', kind: 'expression' },
  ],
  options: [
    { flags: '-n, --loops <count>', description: 'times per run; found by trying if not given', kind: 'count' },
    { flags: '-r, --runs <count>', description: 'how many runs, 7 if not given', kind: 'count' },
  ],
  async run({ arguments: { expression = '' }, options, write, host }) {
    const time = await loopsOf(measuredExpression('timeit', expression), host);
    const loops = options.loops === undefined ? await enough(time) : Number(options.loops);
    const runs = Number(options.runs ?? 7);
    const each: number[] = [];
    for (let run = 0; run < runs; run++) each.push((await time(loops)) / loops);
    write('stdout', `${summary(each, loops)}\n`);
  },
};

/** The expression in a loop; its types are checked where the user wrote it, and then again around the loop. */
async function loopsOf(expression: string, host: MagicHost): Promise<Loops> {
  await host.compile(expression);
  const isAsync = /\bawait\b/.test(expression);
  const run = (await host.evaluate(
    `${isAsync ? 'async ' : ''}(count: number): ${isAsync ? 'Promise<[bigint, unknown]>' : '[bigint, unknown]'} => {
      let last: unknown;
      const start = process.hrtime.bigint();
      for (let i = 0; i < count; i++) last = (${expression}
      );
      return [process.hrtime.bigint() - start, last];
    }`,
  )) as (count: number) => [bigint, unknown] | Promise<[bigint, unknown]>;
  return async (count) => {
    const [nanoseconds] = await host.call(() => run(count));
    return Number(nanoseconds) / 1e9;
  };
}

async function enough(time: Loops): Promise<number> {
  for (let loops = 1; ; loops *= 10) {
    if ((await time(loops)) >= LEAST_SECONDS || loops >= MOST_LOOPS) return loops;
  }
}

/** `1.23 ms ± 45 µs per loop (mean ± std. dev. of 7 runs, 1,000 loops each)` */
export function summary(seconds: readonly number[], loops: number): string {
  const mean = seconds.reduce((sum, each) => sum + each, 0) / seconds.length;
  const deviation = Math.sqrt(seconds.reduce((sum, each) => sum + (each - mean) ** 2, 0) / seconds.length);
  const counted = (count: number, noun: string): string =>
    `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
  const said = `${duration(mean)} ± ${duration(deviation)} per loop (mean ± std. dev. of ${counted(seconds.length, 'run')}, ${counted(loops, 'loop')} each)`;
  const [best, worst] = [Math.min(...seconds), Math.max(...seconds)];
  return worst > 4 * best && best > 0
    ? `The slowest run took ${(worst / best).toFixed(2)} times longer than the fastest: something may be kept between runs.\n${said}`
    : said;
}
