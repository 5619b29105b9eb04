/** Floods of text: of what a cell writes, the beginning and the end are shown. */

type Stream = 'stdout' | 'stderr';

/** What of the end is kept, in UTF-16 units. */
const END_UNITS = 100_000;
const DEFAULT_MB = 10;
/** Short pieces are joined: a flood of lines is no flood of objects. */
const PIECE_UNITS = 4096;

interface Flood {
  shown: number;
  /** What has come after the limit. */
  over: number;
  isCut: boolean;
  hasEnded: boolean;
  end: { readonly name: Stream; text: string }[];
  endUnits: number;
}

/** Bounds the text of each cell. */
export class OutputLimit {
  readonly #floods = new Map<number, Flood>();

  /** What of a text of a cell is shown now. */
  allowed(cell: number, name: Stream, text: string): string {
    let flood = this.#floods.get(cell);
    if (flood === undefined) {
      flood = { shown: 0, over: 0, isCut: false, hasEnded: false, end: [], endUnits: 0 };
      this.#floods.set(cell, flood);
    }
    if (flood.isCut) {
      keepEnd(flood, name, text);
      return '';
    }
    const room = limitMegabytes() * 1e6 - flood.shown;
    if (text.length <= room) {
      flood.shown += text.length;
      return text;
    }
    const line = text.lastIndexOf('\n', Math.max(room - 1, 0)) + 1;
    const whole = line > 0 ? line : room;
    flood.shown += whole;
    flood.isCut = true;
    keepEnd(flood, name, text.slice(whole));
    return text.slice(0, whole) + notice(flood.hasEnded);
  }

  /** The cell has ended: what was left out is told, and the end shown. */
  ended(cell: number): readonly { readonly name: Stream; readonly text: string }[] {
    const flood = this.#floods.get(cell);
    if (flood === undefined || flood.hasEnded) return [];
    flood.hasEnded = true;
    if (!flood.isCut) return [];
    const { end } = flood;
    const omitted = flood.over - flood.endUnits;
    flood.end = [];
    flood.endUnits = 0;
    if (omitted === 0) return end;
    return [
      { name: end[0]?.name ?? 'stdout', text: `… ${(omitted / 1e6).toFixed(1)} MB are left out here …\n` },
      ...end,
    ];
  }

  /** What the cell had shown has been cleared. */
  cleared(cell: number): void {
    this.#floods.delete(cell);
  }
}

function keepEnd(flood: Flood, name: Stream, text: string): void {
  flood.over += text.length;
  // After the cell nobody waits for an end.
  if (flood.hasEnded) return;
  const last = flood.end.at(-1);
  if (last?.name === name && last.text.length < PIECE_UNITS) last.text += text;
  else flood.end.push({ name, text });
  flood.endUnits += text.length;
  for (let first = flood.end[0]; first && flood.endUnits - first.text.length >= END_UNITS; first = flood.end[0]) {
    flood.end.shift();
    flood.endUnits -= first.text.length;
  }
}

function notice(isLate: boolean): string {
  const megabytes = limitMegabytes();
  const rest = isLate ? 'The rest is not shown' : 'Of the rest only the end will be shown';
  return `\n… This cell has written ${megabytes} MB. ${rest}. To see all: write it to a file, or set process.env.FLECHE_OUTPUT_MB to more …\n`;
}

/** The environment is shared by the kernel's threads: a cell can change it. */
function limitMegabytes(): number {
  const wished = Number(process.env.FLECHE_OUTPUT_MB);
  return wished > 0 ? wished : DEFAULT_MB;
}
