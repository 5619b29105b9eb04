/** The text of a value: as Node's inspector shows it. */
import { inspect } from 'node:util';
import { InterruptError } from '../back/interrupts.js';
import { cutInTheMiddle, grouped } from './cut.js';

/** An object with more properties than this is shown in part; the inspector itself would show them all. */
const MANY_PROPERTIES = 1000;
const SHOWN_PROPERTIES = 100;

/**
 * Whether results are coloured. Node's own switches turn it off, `%env NO_COLOR=1` in a notebook as well. It does not depend
 * on the client: a notebook file holds the same whoever ran it.
 */
export function wantsColors({ NO_COLOR, FORCE_COLOR }: NodeJS.ProcessEnv = process.env): boolean {
  return !NO_COLOR && FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
}

/** The text of a value. Whatever the value's own methods throw is told below it. */
export function plainText(value: unknown, colors: boolean): string {
  const { shown, omitted } = inPart(value);
  let text: string;
  try {
    text = inspect(shown, { colors });
  } catch (error) {
    text = withNote(withoutItsMethods(shown, colors), 'its own method for the inspector failed', error);
  }
  if (omitted > 0) text += `\n… and ${grouped(omitted)} more properties`;
  return cutInTheMiddle(text);
}

/** A text with what went wrong below it. @throws InterruptError if that was an interrupt. */
export function withNote(text: string, what: string, error: unknown): string {
  if (error instanceof InterruptError) throw error;
  let message = 'something that cannot be shown';
  try {
    message = String(error);
  } catch {
    // It has no text.
  }
  return `${text}\n(${what}: ${message})`;
}

function withoutItsMethods(value: unknown, colors: boolean): string {
  try {
    return inspect(value, { colors, customInspect: false });
  } catch {
    return `[${typeof value}]`;
  }
}

/** An object with a great many properties, as one with the first of them. */
function inPart(value: unknown): { readonly shown: unknown; readonly omitted: number } {
  if (!isPlainObject(value)) return { shown: value, omitted: 0 };
  const keys = Object.keys(value);
  if (keys.length <= MANY_PROPERTIES) return { shown: value, omitted: 0 };
  const part = Object.create(Object.getPrototypeOf(value)) as object;
  for (const key of keys.slice(0, SHOWN_PROPERTIES)) {
    Object.defineProperty(part, key, Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor);
  }
  return { shown: part, omitted: keys.length - SHOWN_PROPERTIES };
}

/** Whether a value is an object of no class; never fails, never runs its code. */
export function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  try {
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === Object.prototype || prototype === null;
  } catch {
    return false; // a proxy
  }
}
