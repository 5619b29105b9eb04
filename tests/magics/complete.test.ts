import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { builtInMagics } from '../../kernel-extension/magics/built-in.js';
import { completeLine, inspectLine } from '../../kernel-extension/magics/complete.js';
import { parseCell } from '../../kernel-extension/magics/parse.js';
import { describe as described } from '../../kernel-extension/magics/registry.js';
import type { TypeScript } from '../../kernel-extension/magics/types.js';

const typescript = createRequire(import.meta.url)('typescript') as TypeScript;
const context = {
  typescript,
  // As the other thread has it: plain data.
  magics: new Map([...builtInMagics].map(([name, magic]) => [name, described(magic)])),
  isVariable: (name: string) => name === 'known',
  options: () => [{ name: 'strict', description: '', values: ['on', 'off'], value: 'off' }],
};

function complete(marked: string): ReturnType<typeof completeLine> {
  const position = marked.indexOf('|');
  return completeLine(parseCell(typescript, marked.replace('|', ''), context), position, context);
}

it('options of the kernel and their values are offered', () => {
  expect(complete('%config |')).toMatchObject({ matches: ['strict'] });
  expect(complete('%config strict o|')).toMatchObject({ matches: ['off', 'on'] });
});

it('an expression is TypeScript at its place, whatever stands before and after', () => {
  expect(complete('const a = f\n%time (a).x|\ng()')).toEqual({ typescript: 'const a = f\n;     (a).x\ng()' });
  expect(complete('!ls {a.x|} b\n`\n!ls`')).toEqual({ typescript: ';    a.x   \n`\n!ls`' });
  expect(complete('%cd {a.x|')).toEqual({ typescript: ';    a.x' });
  expect(complete("!echo '{a.x|")).toMatchObject({ matches: [] });
  expect(complete('known\n%who|()')).toBeDefined();
  expect(complete('known.|x')).toBeUndefined();
});

const piece = fc.constantFrom(
  ...[
    '%',
    '%%',
    '!',
    '!!',
    '%time ',
    '%timeit -n 3 ',
    '%fleche ',
    '%fleche --values ',
    'pickle:',
    '%cd ',
    '%config ',
    '%%bash',
    '%%time',
  ],
  ...[
    '{',
    '}',
    '"',
    "'",
    '`',
    '$',
    '\\',
    '/',
    ' ',
    '\n',
    '\r\n',
    '\u2028',
    '😀',
    'known',
    'a.b',
    '-',
    '--',
    '(',
    ')',
    ';',
    '|',
    '=',
  ],
);

it('at any place of any cell, what is replaced ends where the cursor is or later, and TypeScript keeps every place', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 10 }), fc.nat(), (parts, seed) => {
      const source = parts.join('');
      const position = seed % (source.length + 1);
      const cell = parseCell(typescript, source, context);
      const found = completeLine(cell, position, context);
      if (found !== undefined && 'typescript' in found) {
        expect(found.typescript.length).toBe(source.length);
        const starts = (text: string) => typescript.createSourceFile('x.ts', text, 99).getLineStarts();
        expect(starts(found.typescript)).toEqual(starts(source));
      } else if (found !== undefined) {
        expect(found.start).toBeLessThanOrEqual(position);
        expect(found.end).toBeGreaterThanOrEqual(position);
        expect(found.end).toBeLessThanOrEqual(source.length);
      }
      const known = inspectLine(cell, position, context);
      if (known !== undefined && 'help' in known) expect(known.help?.['text/plain']).not.toBe('');
    }),
    { numRuns: 1000 },
  );
});
