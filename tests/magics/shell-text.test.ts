// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the shell's own
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { literalsOf, replacementsOf } from '../../kernel-extension/magics/interpolation.js';
import { quoted, shellScript } from '../../kernel-extension/magics/shell-text.js';
import type { TypeScript } from '../../kernel-extension/magics/types.js';

const require = createRequire(import.meta.url);
const compilers = [
  ['stock TypeScript', require('typescript') as TypeScript],
  ["tslab's fork", require('@tslab/typescript-for-tslab') as TypeScript],
] as const;

/** What a shell prints. */
function shell(literals: readonly string[], ...values: readonly unknown[]): string {
  const { script, parameters } = shellScript(literals, values);
  const { stdout, stderr } = spawnSync('/bin/sh', ['-c', script, 'sh', ...parameters], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout;
}

const nasty = fc.oneof(
  fc.constantFrom(
    "'",
    '"',
    '`rm x`',
    '$(rm x)',
    '$HOME',
    '\\',
    '\n',
    '; rm x',
    '*',
    '-n',
    '',
    ' ',
    '#',
    '!',
    '~',
    '😀',
  ),
  fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0') && !/\p{Surrogate}/u.test(text)),
);
const word = fc.array(nasty, { maxLength: 4 }).map((parts) => parts.join(''));

describe('a value in a command', () => {
  it('is itself wherever it stands', () => {
    fc.assert(
      fc.property(word, (value) => {
        expect(shell(["printf '%s' ", ''], value)).toBe(value);
        expect(shell(["printf '%s' \"", '"'], value)).toBe(value);
        expect(shell(["printf '%s' '", "'"], value)).toBe(value);
        expect(shell(["printf '%s' a", 'b'], value)).toBe(`a${value}b`);
        expect(shell(["printf '<%s>' $(printf '%s' \"", '" | wc -c)'], value)).toBe(`<${Buffer.byteLength(value)}>`);
        expect(shell(['x="$(printf \'%s.\' "', '")"; printf \'%s\' "$x"'], value)).toBe(`${value}.`);
        expect(shell(["printf '%s' ", ''], quoted(value))).toBe(quoted(value));
      }),
      { numRuns: 40 },
    );
  });

  it('is never a command, even where the quotes are not understood', () => {
    for (const before of ['echo "$(case x in x) echo ', "cat <<'END'\n", 'echo `echo ', "echo $'a\\'b ", '# ']) {
      const { script, parameters } = shellScript([before, ''], ['$(touch /tmp/never); `x`; " \' ;']);
      expect(script).not.toContain('touch');
      expect(parameters).toEqual(['$(touch /tmp/never); `x`; " \' ;']);
    }
  });

  it('can be a list: as many words, or one text within quotes', () => {
    expect(shell(["printf '<%s>' ", ''], ['a b', '', 'c'])).toBe('<a b><><c>');
    expect(shell(["printf '<%s>' \"", '"'], ['a b', 'c'])).toBe('<a b c>');
    expect(shell(["printf '<%s>' a ", ' b'], [])).toBe('<a><b>');
  });

  it('is shown as a shell would read it', () => {
    expect(shellScript(['ls ', ' "', '"'], ["it's", 'a"b'])).toMatchObject({ shown: `ls 'it'\\''s' "a\\"b"` });
    expect(shellScript(['ls ', ''], ['plain/file.ts'])).toMatchObject({ shown: 'ls plain/file.ts' });
  });

  it('cannot hold a NUL', () => {
    expect(() => shellScript(['ls ', ''], ['a\0b'])).toThrow('no NUL');
  });

  it('leaves the arguments, functions and line numbers of the command alone', () => {
    expect(shell(['f() { printf \'<%s>\' "$1" ', '; }; f a; echo "$#"'], 'x')).toBe('<a><x>0\n');
  });
});

/** The text, its replacements marked. */
function marked(ts: TypeScript, text: string): string {
  const replacements = replacementsOf(ts, text);
  const expressions = replacements.filter(({ expression }) => expression !== undefined);
  return literalsOf({ text, replacements }).reduce(
    (all, literal, i) => `${all}‹${expressions[i - 1]?.expression}›${literal}`,
  );
}

const table: readonly (readonly [string, string])[] = [
  ['ls {folder}', 'ls ‹folder›'],
  ['ls {a}{b} "{c}"', 'ls ‹a›‹b› "‹c›"'],
  ['ls {files.map((f) => ({ f }))} x', 'ls ‹files.map((f) => ({ f }))› x'],
  ['ls {`a}${b}`} x', 'ls ‹`a}${b}`› x'],
  ['ls {"}"}', 'ls ‹"}"›'],
  ['ls {await f()}', 'ls ‹await f()›'],
  ['ls {{a}} {{ {a} }}', 'ls {a} { ‹a› }'],
  ["awk '{print $1}' {file}", "awk '{print $1}' ‹file›"],
  ["awk '{ if (x) { y } }' '{{a}}'", "awk '{ if (x) { y } }' '{{a}}'"],
  ["echo it\\'s {a}", "echo it\\'s ‹a›"],
  ['echo "it\'s {a}"', 'echo "it\'s ‹a›"'],
  ['echo $HOME ${HOME} ${A:-${B}}', 'echo $HOME ${HOME} ${A:-${B}}'],
  ['echo \\{a}', 'echo \\{a}'],
  ['find . -exec rm {} \\;', 'find . -exec rm {} \\;'],
  ['echo {a,b}.ts {1..3}', 'echo {a,b}.ts {1..3}'],
  ['true && { ls; }', 'true && { ls; }'],
  ['f() { echo hi; }; f', 'f() { echo hi; }; f'],
  ['echo {a', 'echo {a'],
  ['echo }', 'echo }'],
  ['# {a}', '# ‹a›'],
];

describe.each(compilers)('the expressions of a line with %s', (_, ts) => {
  it.each(table)('%s', (text, expected) => {
    expect(marked(ts, text)).toBe(expected);
  });

  it('lie in their order, and the rest of the text is as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...'{}\'"\\$ a;,(`', '{{', '}}', 'a.b'), { maxLength: 14 }), (parts) => {
        const text = parts.join('');
        let end = 0;
        for (const each of replacementsOf(ts, text)) {
          expect(each.start).toBeGreaterThanOrEqual(end);
          end = each.end;
          if (each.expression !== undefined) expect(text.slice(each.start, end)).toBe(`{${each.expression}}`);
          else expect(['{{', '}}']).toContain(text.slice(each.start, end));
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
