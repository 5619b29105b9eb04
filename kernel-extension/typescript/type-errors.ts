/** Type errors as an editor shows them: the place, the message, the line with the text underlined, and what else it is about. */
import { wantsColors } from '../display/plain-text.js';
import { labelOf } from '../shared/cell-label.js';
import { codeFrame } from '../shared/code-frame.js';
import type { ErrorReport } from '../shared/messages.js';
import { colored, type Paint, plain } from '../shared/paint.js';
import type { CellDiagnostic, RelatedPlace } from './cell-diagnostic.js';

/** More errors than this are counted. */
const SHOWN_ERRORS = 20;

/** The errors of a cell called `name` with this text. */
export function typeErrors(diagnostics: readonly CellDiagnostic[], name: string, source: string): ErrorReport {
  const paint = wantsColors() ? colored : plain;
  const label = labelOf(name, '');
  const traceback = diagnostics
    .slice(0, SHOWN_ERRORS)
    .flatMap((each, index) => [...(index > 0 ? [''] : []), ...described(each, label, source, paint)]);
  const more = diagnostics.length - SHOWN_ERRORS;
  if (more > 0) traceback.push('', `… and ${more} more errors`);
  return { ename: 'TypeScriptError', evalue: headline(diagnostics[0] as CellDiagnostic, label, plain), traceback };
}

function headline(diagnostic: CellDiagnostic, label: string, paint: Paint): string {
  const { file, line, column, code, message } = diagnostic;
  const kind = code === 0 ? 'error' : `error TS${code}`;
  return `${paint.place(file ?? label)}:${line}:${column} - ${paint.error(kind)}: ${message}`;
}

function described(diagnostic: CellDiagnostic, label: string, source: string, paint: Paint): string[] {
  const { related = [], advice = [], text, length } = diagnostic;
  return [
    ...headline(diagnostic, label, paint).split('\n'),
    ...codeFrame(text ?? source, diagnostic, { mark: '~', length, context: 0, paint }),
    ...related.flatMap((each) => relatedLines(each, label, source, paint)),
    ...advice,
  ];
}

function relatedLines({ message, ...place }: RelatedPlace, label: string, source: string, paint: Paint): string[] {
  const { file, line, column, length, text } = place;
  const where = line === 0 ? file : `${file ?? label}:${line}:${column}`;
  return [
    `  ${paint.place(where as string)} - ${message}`,
    ...codeFrame(text ?? source, place, { mark: '~', length, context: 0, paint }).map((each) => `  ${each}`),
  ];
}
