import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MagicDescription } from '../../kernel-extension/magics/description.js';
import { parseCell } from '../../kernel-extension/magics/parse.js';
import type { TypeScript } from '../../kernel-extension/magics/types.js';

const require = createRequire(import.meta.url);
const compilers = [
  ['stock TypeScript', require('typescript') as TypeScript],
  ["tslab's fork", require('@tslab/typescript-for-tslab') as TypeScript],
] as const;

const notebookNames = new Set(['ready', 'total', 'count', '$el', 'größe']);
const described: readonly MagicDescription[] = [
  { name: 'fleche', description: '', placement: 'both' },
  {
    name: 'time',
    description: '',
    placement: 'both',
    arguments: [{ name: 'code', description: '', kind: 'expression' }],
  },
  { name: 'bash', description: '', placement: 'cell', body: 'text' },
  { name: 'cd', description: '' },
  { name: 'count', description: '' },
];
const known = {
  isVariable: (name: string) => notebookNames.has(name),
  magics: new Map(described.map((magic) => [magic.name, magic])),
};

/** What the parser took, as it stood in the cell. */
function taken(ts: TypeScript, source: string): string[] {
  const cell = parseCell(ts, source, known);
  return [...(cell.cellMagic === undefined ? [] : [cell.cellMagic]), ...cell.lines].map(({ start, end }) =>
    source.slice(start, end),
  );
}

/** Each row: what it shows, the cell, the lines that are taken. */
const table: readonly (readonly [string, string, readonly string[]])[] = [
  ['an empty cell', '', []],
  ['a lone line without newline', '%fleche', ['%fleche']],
  ['a lone shell line without newline', '!ls', ['!ls']],
  ['the shortest magic', '%x', ['%x']],
  ['a lone sign', '!', []],
  ['a lone percent', '%', []],
  [
    'lines before, between and after statements',
    '%fleche void\nconst a = 1;\n!ls\na;\n%fleche ls\n',
    ['%fleche void', '!ls', '%fleche ls'],
  ],
  ['lines in a row', '!ls\n!pwd\n%fleche', ['!ls', '!pwd', '%fleche']],
  ['without semicolons', 'const a = 10\n%fleche ls\nconst b = f()\n!ls\n', ['%fleche ls', '!ls']],
  ['an indented magic', '  %fleche ls', ['%fleche ls']],
  ['a tab before a magic', 'f();\n\t%fleche ls', ['%fleche ls']],
  ['an indented exclamation mark', '  !ls', []],
  ['an exclamation mark after a statement', 'f(); !ls', []],
  ['CRLF', 'let a = 1;\r\n!ls -l\r\n%fleche ls\r\na', ['!ls -l', '%fleche ls']],
  ['emoji before and in the line', 'const s = "😀";\n!echo 😀 x\ns', ['!echo 😀 x']],
  ['a line separator', 'f();\u2028!ls\u2029g()', ['!ls']],
  ['comments before', '// one\n/* two */\n%fleche', ['%fleche']],
  ['after a block', 'if (a) { b(); }\n!ls\nfor (const x of y) {\n  x;\n}\n%fleche', ['!ls', '%fleche']],
  ['after for await', 'for await (const x of y) { x; }\n!ls', ['!ls']],
  ['after top-level await', 'const x = await f()\n!ls', ['!ls']],
  ['after using', 'using x = f();\n!ls', ['!ls']],
  ['after a class with decorators', '@dec class A { @dec m() {} }\n!ls', ['!ls']],
  ['after types', 'interface A { a: number }\ntype B = A | undefined\n!ls\nenum C { D }\n%fleche', ['!ls', '%fleche']],
  ['after a type assertion', 'const a = <any>b;\n!ls', ['!ls']],
  ['after a generic arrow', 'const f = <T,>(x: T) => x;\n!ls', ['!ls']],

  ['a template', '`\n%fleche ls\n!ls\n`;\n!pwd', ['!pwd']],
  ['a template with substitutions', `\`\${a}\n%fleche\n\${\`\n!ls\n\`}\n!ls\n\`;\n%fleche`, ['%fleche']],
  ['inside a substitution', `\`\${\na\n%fleche\n}\``, []],
  ['a template with escapes', '`\\`\n!ls\n\\${\n!ls\n\\\\`\n!pwd', ['!pwd']],
  ['a template that never ends', '`\n%fleche\n!ls', []],
  ['a block comment', '/*\n%fleche\n!ls\n*/\n!pwd', ['!pwd']],
  ['a comment in a template is text', '`/*`\n!ls\n`*/`', ['!ls']],
  ['a template in a comment is a comment', '/* ` */\n!ls', ['!ls']],
  ['a quote in a comment', "// it's\n!ls", ['!ls']],
  ['a comment sign in a string', 'const a = "/*";\n!ls', ['!ls']],
  ['a backtick in a regular expression', 'const a = /`/;\n!ls', ['!ls']],
  ['a comment sign in a regular expression', 'a.replace(/[/*]/, "");\n!ls', ['!ls']],
  ['a string that goes on', 'const a = "x\\\n!ls";\n!pwd', ['!pwd']],
  ['JSX text', 'const a = <div>hello you\n!ls\n%fleche\n</div>;\n!pwd', ['!pwd']],
  ['JSX text in a fragment', 'const a = <>hello\n%fleche\n</>;', []],
  ['a type assertion and an end tag in a text', 'const a = <any>b\n%fleche\nconst c = "</p>";', ['%fleche']],
  ['JSX text of one word', 'const a = <div>hello\n%fleche\n</div>;', []],

  ['an operand', 'const b = 10 +\n%fleche', []],
  ['an operand of a shell line', 'const b =\n!ls', []],
  ['an argument', 'f(\n!ready\n)', []],
  ['an argument in column 0', 'f(a,\n!ls)', []],
  ['in parentheses', 'const c = (total\n%count)', []],
  ['in parentheses, the magic itself', 'const c = (total\n%fleche)', []],
  ['in an array', '[\n!ls,\n!pwd\n]', []],
  ['in an object', 'const o = {\n!ls\n}', []],
  ['in a block', '{\n!ls\n}', []],
  ['in a function', 'function f() {\n%fleche\n!ls\n}\n!pwd', ['!pwd']],
  ['in a class', 'class A {\n!ls\n}', []],
  ['in a switch', 'switch (a) {\ncase 1:\n!ls\n}', []],
  ['the body of an if', 'if (a)\n!ls', []],
  ['the body of an else', 'if (a) b; else\n%fleche', []],
  ['the body of a loop', 'while (a)\n!ls', []],
  ['after a label', 'label:\n!ls', []],
  ['after an arrow', 'const f = () =>\n!ls', []],
  ['after a decorator', '@dec\n!ls\nclass A {}', []],
  ['after let', 'let\n!ls', []],
  ['after as', 'a as\n!ls', []],
  ['after await', 'await\n!ls', []],
  ['after export default', 'export default\n!ls', []],
  ['after a prefix operator', '++\n!ls', []],
  ['after a division', 'a /\n%fleche', []],
  ['after a dot', 'a.\n!ls', []],

  ['an unknown name', '%matplotlib inline', ['%matplotlib inline']],
  ['an unknown name after a statement', 'f();\n%time g()', ['%time g()']],
  ['an unknown name after a function', 'function f() {}\n%who', ['%who']],
  ['an unknown name after a declaration', 'let x\n%who', ['%who']],
  ['an unknown name after an arrow function', 'const f = () => {}\n%who', ['%who']],
  ['a remainder over two lines', 'const rest = total\n  %count;', []],
  ['a remainder in column 0', 'const rest = total\n%count;\n%fleche', ['%fleche']],
  ['a remainder with a blank', 'total\n  % fleche', []],
  ['a remainder by a number', 'total\n%5', []],
  ['the decorator is never a divisor', 'total\n%fleche', ['%fleche']],
  ['a magic after a value without semicolon', 'const a = 5\n%time f(a)\na', ['%time f(a)']],
  ['a magic that could be a divisor', 'total\n%cd', ['%cd']],
  ['a variable that has the name of a magic', 'total\n%count', []],
  ['a variable of the cell that has the name of a magic', 'const time = 3\nconst rest = total\n%time', []],
  ['a magic beside its variable', 'const time = 3\nconst rest = total\n%time f(rest)', ['%time f(rest)']],
  ['a magic beside its variable, after a semicolon', 'const time = 3;\n%time', ['%time']],
  ['a remainder that goes on in the next line', 'const rest = total\n%count + (\n3)', []],

  ['a command that goes on', '!ls \\\n  -l \\\r\n!x\nf()', ['!ls \\\n  -l \\\r\n!x']],
  ['a magic that goes on', '%cd a\\\nb\n!ls', ['%cd a\\\nb', '!ls']],
  ['a backslash before a backslash', '!echo \\\\\nf()\n!ls', ['!echo \\\\', '!ls']],
  ['a backslash at the end', '!ls \\', ['!ls \\']],
  ['an assigned remainder', 'total\n%=count', []],

  ['a cell magic', '%%fleche use c\nf();', ['%%fleche use c']],
  ['a cell magic after blank lines', '\n  \r\n\t\n%%fleche use c\nf();', ['%%fleche use c']],
  ['a cell magic alone', '%%fleche void', ['%%fleche void']],
  ['a cell magic and line magics', '%%fleche void\n!ls\n%fleche\nf()', ['%%fleche void', '!ls', '%fleche']],
  ['an unknown cell magic', '%%html\n<b>\n!ls', ['%%html']],
  ['a cell magic whose cell is text', '%%bash\nif true; then\n!ls\n%fleche\n', ['%%bash']],
  ['a cell of a line magic', '%%cd x\n!ls', ['%%cd x']],
  ['TypeScript under a cell magic', '%%time\n!ls\n`\n!ls\n`', ['%%time', '!ls']],
  ['a cell magic after a comment is a line that says so', '// x\n%%fleche void', ['%%fleche void']],
  ['a cell separator', '%% \nf()', []],
  ['a cell magic in a template', '`\n%%fleche\n`', []],

  ['a path', '!./run.sh a', ['!./run.sh a']],
  ['a path above', '!../run.sh a', ['!../run.sh a']],
  ['an absolute path', '!/bin/ls -l', ['!/bin/ls -l']],
  ['a home path', '!~/bin/x', ['!~/bin/x']],
  ['a variable of the shell', '!$HOME/x', ['!$HOME/x']],
  ['a quoted program', '!"my program" a', ['!"my program" a']],
  ['a blank after the sign', '! ls -l', ['! ls -l']],
  ['a program with a digit', '!7z x a.7z', ['!7z x a.7z']],
  [
    'quotes, pipes, dollars',
    "!echo 'it''s' | sed \"s/a/b/\" > $X && !x",
    ["!echo 'it''s' | sed \"s/a/b/\" > $X && !x"],
  ],
  ['a variable set for a program', '!A=1 env', ['!A=1 env']],
  ['a builtin of the shell that is a global', '!eval "$X"', ['!eval "$X"']],
  ['true, false and test', '!test -f x\n!false', ['!test -f x']],
  ['a word that starts like a keyword', '!newgrp\n!typeofx\n!thisx', ['!newgrp', '!typeofx', '!thisx']],
  ['import of ImageMagick', '!import a.png', ['!import a.png']],

  ['a known name of the notebook', '!ready && f()', []],
  ['a known name with a blank', '! ready', []],
  ['a known name with a dollar', '!$el', []],
  ['a known name with letters of its own', '!größe', []],
  ['a constant of the cell', 'const ok = f();\n!ok && g()', []],
  ['a constant before a magic', 'const ok = f();\n!ls\n!ok && g()', ['!ls']],
  ['names of a pattern', 'const { a: [ok], ...rest } = f();\n!ok\n!rest.x\n!a', ['!a']],
  ['an import', "import dflt, { a as ok } from 'x';\nimport * as all from 'y';\n!ok\n!all.x\n!dflt\n!a", ['!a']],
  ['a function, a class, an enum', 'function f() {}\nclass C {}\nenum E {}\n!f\n!C\n!E', []],
  ['a type is no value', 'interface ls {}\n!ls', ['!ls']],
  ['an inner name is none of the top level', 'function f() { const ls = 1; }\n!ls', ['!ls']],
  ['a function', '!function () {}()', []],
  ['an async function', '!async function () {}()', []],
  ['parentheses', '!(a)', []],
  ['a comparison', 'a\n!= b', []],
  ['a strict comparison', 'a\n!== b', []],
  ['two negations', '!!ready', []],
  ['two negations of a member', '!!process.env.X', []],
  ['a captured command', '!!ls -l', ['!!ls -l']],
  ['a call', '!unknown(1)', []],
  ['a regular expression', '!/^a b/.test(s)', []],
  ['a text', '!"abc".includes(s)', []],
  ['a template after the sign', '!`a`.length', []],
  ['a number', '!0\n!1.5e3\n!0x1f', []],
  ['an array', '![].length', []],
  ['an object', '!{}', []],
  ['a member of a global', '!Array.isArray(x)\n!process.env.X\n!process["x"]\n!globalThis?.x', []],
  ['keywords', '!await f()\n!new X()\n!typeof x\n!void 0\n!this.x\n!null\n!true\n!delete a.b', []],
  ['import meta', '!import.meta.x', []],
  ['a negative', '!-x\n!+x\n!~x', []],
];

describe.each(compilers)('parseCell with %s', (_, ts) => {
  it.each(table)('%s', (_, source, expected) => {
    expect(taken(ts, source)).toEqual(expected);
  });

  it('masks by comments of the same length and keeps what is TypeScript', () => {
    const cell = parseCell(ts, '%%fleche void\r\nconst a = "😀";\r\n  %x\n!echo 😀\na', known);
    expect(cell.masked).toBe('//           \r\nconst a = "😀";\r\n  //\n//      \na');
    expect(cell.cellMagic).toEqual({ kind: 'line', start: 0, end: 13, text: 'fleche void', replacements: [] });
    expect(cell.lines).toEqual([
      { kind: 'line', start: 34, end: 36, text: 'x', replacements: [] },
      { kind: 'shell', start: 37, end: 45, text: 'echo 😀', replacements: [] },
    ]);
  });

  it('takes a template of thousands of lines with signs in one step', () => {
    let parses = 0;
    const counting = {
      ...ts,
      createSourceFile: (...args: Parameters<TypeScript['createSourceFile']>) => {
        parses += 1;
        return ts.createSourceFile(...args);
      },
    };
    const source = `const tex = \`\n${'%comment\n!mark\n'.repeat(5000)}\`;\n!ls`;
    expect(parseCell(counting as TypeScript, source, known).lines).toHaveLength(1);
    expect(parses).toBeLessThan(10);
  });
});

const piece = fc.constantFrom(
  ...['%fleche ls', '%%fleche use c', '!ls -l', '!ok', '%who', '! pwd', '%x', '  %fleche', ' !ls'],
  ...['!!ls', '!a {ok} "{x.y}" {{ }}', '%time f()', '%cd {x}', '%%bash', '%%time', '!a \\', '%count', 'time'],
  ...['const ok = 1', 'f();', 'x', '`', '${', '}', '{', '(', ')', '/*', '*/', '// x', '"', "'", '/', '+'],
  ...['😀', '', '@dec', 'class A {', 'if (a)', 'else', 'a ?', ':', '=>', 'await', '[', ']', ';', '\\'],
);
const lineEnd = fc.constantFrom('\n', '\n', '\r\n', '\r', '\u2028');
const cells = fc.array(fc.tuple(piece, lineEnd), { maxLength: 12 }).map((rows) => rows.flat().join(''));

describe.each(compilers)('properties of parseCell with %s', (_, ts) => {
  it.each([
    ['any text', fc.string({ unit: 'grapheme' })],
    ['pieces of cells', cells],
  ] as const)('masks keep every length, line and column, and nothing is left in what runs: %s', (_, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (source) => {
        const cell = parseCell(ts, source, known);
        expect(cell.masked.length).toBe(source.length);
        let end = 0;
        for (const line of [...(cell.cellMagic === undefined ? [] : [cell.cellMagic]), ...cell.lines]) {
          expect(line.start).toBeGreaterThanOrEqual(end);
          expect(cell.masked.slice(end, line.start)).toBe(source.slice(end, line.start));
          for (const { start, end: after, expression } of line.replacements) {
            expect(line.text.slice(start, after)).toBe(
              expression === undefined ? line.text[start]?.repeat(2) : `{${expression}}`,
            );
          }
          const text = source.slice(line.start, line.end).replace(/\\(?:\r\n|[\r\n])/g, ' ');
          expect(text).toMatch(/^(?:%%?\w|!).*$/u);
          if (cell.body === undefined || line !== cell.cellMagic) expect(text).not.toMatch(/[\r\n\u2028\u2029]/);
          expect(source.slice(line.end - line.text.length, line.end)).toBe(line.text);
          end = line.end;
        }
        if (cell.body === undefined) expect(cell.masked.slice(end)).toBe(source.slice(end));
        else expect(cell.masked.replace(/\/\/|\s/g, '')).toBe('');
        const parsed = (text: string) => ts.createSourceFile('x.ts', text, 99);
        expect(parsed(cell.masked).getLineStarts()).toEqual(parsed(source).getLineStarts());

        // What is not even TypeScript does not run.
        const { parseDiagnostics } = parsed(cell.masked) as unknown as { parseDiagnostics: readonly unknown[] };
        if (parseDiagnostics.length > 0) return;
        const again = parseCell(ts, cell.masked, known);
        expect(again.cellMagic).toBeUndefined();
        expect(again.lines).toEqual([]);
        expect(again.masked).toBe(cell.masked);
      }),
    );
  });
});
