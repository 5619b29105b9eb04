/** The inputs of this session. */

/** Content of a `history_request`, as far as it counts. */
export interface HistoryRequest {
  readonly hist_access_type?: string;
  /** 0 or 1: this session, as if it were the first; any other is none of ours. */
  readonly session?: number;
  readonly output?: boolean;
  readonly n?: number;
  readonly start?: number;
  readonly stop?: number | null;
  readonly pattern?: string;
  readonly unique?: boolean;
}

/** `[session, line number, input]`, or with outputs `[session, line number, [input, output]]`. */
export type HistoryRow = readonly [number, number, string | readonly [string, string | null]];

interface Input {
  readonly line: number;
  readonly source: string;
  output: string | null;
}

/** Keeps inputs in memory; there is one session, number 1. */
export class History {
  readonly #inputs: Input[] = [];

  /** Adds the input of a cell. */
  add(line: number, source: string): void {
    this.#inputs.push({ line, source, output: null });
  }

  /** Adds the value of the latest cell. */
  answer(output: string | null): void {
    const latest = this.#inputs.at(-1);
    if (latest) latest.output = output;
  }

  /** Answers a request: `tail` (last n), `range` (start to stop) or `search` (a pattern with `*` and `?`). */
  select(request: HistoryRequest): HistoryRow[] {
    const { hist_access_type: how, n = how === 'search' ? undefined : 10, start = 0, stop, session = 0 } = request;
    let found = this.#inputs.slice();
    if (how === 'range') {
      if (session !== 0 && session !== 1) return [];
      found = found.filter(({ line }) => line >= start && (stop === undefined || stop === null || line < stop));
    } else {
      if (how === 'search') {
        const pattern = globPattern(request.pattern ?? '*');
        found = found.filter(({ source }) => pattern.test(source));
        if (request.unique) found = latestOfEach(found);
      }
      if (typeof n === 'number') found = n > 0 ? found.slice(-n) : [];
    }
    return found.map(({ line, source, output }) => [1, line, request.output ? [source, output] : source]);
  }
}

/** Of equal sources the latest, each where it stands. */
function latestOfEach(inputs: readonly Input[]): Input[] {
  const latest = new Map(inputs.map((input) => [input.source, input]));
  return inputs.filter((input) => latest.get(input.source) === input);
}

function globPattern(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`);
}
