/** The calls in a stack trace: which are the user's, and how the others are told in few words. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../shared/installation.js';

/** One line of a stack trace. */
export interface StackFrame {
  /** `thrower`, `async Promise.all`; empty for code outside of functions. */
  readonly call: string;
  readonly place: { readonly file: string; readonly line: number; readonly column: number } | undefined;
}

/** Whose code a call is in: the user's, the language's own, or that of a package or of Node, with its name. */
export type Owner = 'user' | 'language' | 'kernel' | { readonly name: string };

const KERNEL_FOLDERS = [path.join(packageRoot, 'dist') + path.sep, `${path.sep}tslab${path.sep}dist${path.sep}`];
/** How the kernel runs cells. */
const KERNEL_FILES =
  /^(?:fleche:|evalmachine\.<anonymous>|node:(?:vm|async_hooks)$|node:internal\/(?:vm|async_local_storage|async_context_frame)\b)/;

/** Whether a file belongs to the kernel or is what it runs cells with. */
export function isKernelFile(file: string): boolean {
  return KERNEL_FILES.test(file) || KERNEL_FOLDERS.some((folder) => file.includes(folder));
}

/** The calls of a stack trace. */
export function framesOf(stack: string): StackFrame[] {
  const frames: StackFrame[] = [];
  for (const line of stack.split('\n')) {
    const [, named, inBrackets, bare] = /^\s+at (?:(.+?) \((.*)\)|(.*))$/.exec(line) ?? [];
    if (named === undefined && bare === undefined) continue;
    const [, asynchronous = '', location = ''] = /^(async )?(.*)$/.exec(inBrackets ?? bare ?? '') ?? [];
    const [, file, row, column] = /^(.*):(\d+):(\d+)$/.exec(location) ?? [];
    const place = file === undefined ? undefined : { file: fileOf(file), line: Number(row), column: Number(column) };
    frames.push({ call: (named ?? (place ? asynchronous : (bare as string))).trim(), place });
  }
  return frames;
}

function fileOf(file: string): string {
  if (!file.startsWith('file://')) return file;
  try {
    return fileURLToPath(file);
  } catch {
    return file;
  }
}

/** Whose code it is. */
export function ownerOf({ call, place }: StackFrame): Owner {
  // A generator is stepped by these: those of cells are stepped by the kernel.
  if (place === undefined) return /(?:^|\.| )(?:next|throw)$/.test(call) ? 'kernel' : 'language';
  const { file } = place;
  if (isKernelFile(file)) return 'kernel';
  if (file.startsWith('node:')) return { name: /^node:(?:internal\/)?\w+/.exec(file)?.[0] ?? 'Node.js' };
  const folders = file.split(/[/\\]node_modules[/\\]/);
  if (folders.length < 2) return 'user';
  return { name: `node_modules/${/^(?:@[^/\\]+[/\\])?[^/\\]+/.exec(folders.at(-1) as string)?.[0]}` };
}

/**
 * The calls as lines: `show` writes those of the user and of the language, and each stretch of others is one line. Calls of
 * Node.js and of the language below the last call of the user's are what started it, and tell nothing.
 */
export function foldedFrames(frames: readonly StackFrame[], show: (frame: StackFrame) => string): string[] {
  const owned = frames.map((frame) => ({ frame, owner: ownerOf(frame) })).filter(({ owner }) => owner !== 'kernel');
  const isTold = ({ owner }: { owner: Owner }): boolean =>
    owner === 'user' || (typeof owner === 'object' && owner.name.startsWith('node_modules/'));
  const end = owned.findLastIndex(isTold) + 1 || owned.length;
  const lines: string[] = [];
  let folded: string[] = [];
  const unfold = (): void => {
    if (folded.length > 0)
      lines.push(`… ${folded.length} ${plural('frame', folded)} in ${[...new Set(folded)].join(', ')}`);
    folded = [];
  };
  for (const { frame, owner } of owned.slice(0, end)) {
    if (typeof owner === 'object') folded.push(owner.name);
    else {
      unfold();
      lines.push(`at ${show(frame)}`);
    }
  }
  unfold();
  return withoutRepetition(lines);
}

/** A recursion without end is one line, and their number. */
function withoutRepetition(lines: readonly string[]): string[] {
  const result: string[] = [];
  for (let at = 0; at < lines.length; ) {
    let end = at + 1;
    while (lines[end] === lines[at]) end++;
    result.push(lines[at] as string);
    if (end - at === 2) result.push(lines[at] as string);
    else if (end - at > 2) result.push(`… ${end - at - 1} times the same`);
    at = end;
  }
  return result;
}

function plural(word: string, { length }: readonly unknown[]): string {
  return length === 1 ? word : `${word}s`;
}
