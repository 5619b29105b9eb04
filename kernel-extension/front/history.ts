/** The inputs of this session. */

/** Content of a `history_request`, as far as it counts. */
export interface HistoryRequest {
  readonly hist_access_type?: string;
  readonly output?: boolean;
  readonly n?: number;
  readonly start?: number;
  readonly stop?: number | null;
  readonly pattern?: string;
  readonly unique?: boolean;
}

/** `[session, line number, input]`, or with outputs `[session, line number, [input, output]]`. */
export type HistoryRow = readonly [number, number, string | readonly [string, null]];

/** Keeps inputs in memory; there is one session, number 1. */
export class History {
  readonly #inputs: { readonly line: number; readonly source: string }[] = [];

  /** Adds the input of a cell. */
  add(line: number, source: string): void {
    this.#inputs.push({ line, source });
  }

  /** Answers a request: `tail` (last n), `range` (start to stop) or `search` (a pattern with `*` and `?`). */
  select(request: HistoryRequest): HistoryRow[] {
    const { hist_access_type: how, n = how === 'search' ? undefined : 10, start = 0, stop, output } = request;
    let found = this.#inputs.slice();
    if (how === 'range') {
      found = found.filter(({ line }) => line >= start && (stop === undefined || stop === null || line < stop));
    } else {
      if (how === 'search') {
        const pattern = globPattern(request.pattern ?? '*');
        found = found.filter(({ source }) => pattern.test(source));
        if (request.unique) found = [...new Map(found.map((input) => [input.source, input])).values()];
      }
      if (typeof n === 'number') found = n > 0 ? found.slice(-n) : [];
    }
    return found.map(({ line, source }) => [1, line, output ? [source, null] : source]);
  }
}

function globPattern(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`);
}
