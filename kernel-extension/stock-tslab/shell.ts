import { createShell, type Shell } from '../back/command.js';
import { groups } from './groups.js';

/** Runs shell commands of cells as values. In the kernel of fleche it is the global of that name. */
export const $: Shell =
  Symbol.for('fleche.kernel') in globalThis
    ? (globalThis as unknown as { $: Shell }).$
    : createShell((pid, ended) => groups.group(pid, ended));
