/** Answers what magics ask about the session. */
import type { Question, Questions } from '../shared/messages.js';
import type { Checker } from './checker.js';
import type { History, HistoryRequest } from './history.js';

/** What questions are about. */
export interface QuestionParts {
  readonly checker: Checker;
  readonly history: History;
}

/** The answer to a question. */
export function answerTo(
  question: Question,
  { checker, history }: QuestionParts,
): Questions[Question['kind']]['answer'] {
  switch (question.kind) {
    case 'names':
      return checker.describeNames(question.assigned);
    case 'forget':
      checker.forget();
      return undefined;
    case 'history':
      return history.select(historyRequest(question)).map(([, line, input]) => [line, String(input)] as const);
    case 'options':
      return checker.options().map(({ set: _, ...option }) => option);
    case 'setOption':
      checker
        .options()
        .find(({ name }) => name === question.name)
        ?.set(question.value);
      return undefined;
  }
}

/** Without the cell that asks, which is the latest. */
function historyRequest({ range, limit, pattern }: Extract<Question, { kind: 'history' }>): HistoryRequest {
  if (range !== undefined) return { hist_access_type: 'range', start: range[0], stop: range[1] + 1 };
  if (pattern !== undefined) return { hist_access_type: 'search', pattern, ...(limit !== undefined && { n: limit }) };
  return { hist_access_type: 'tail', n: limit ?? Number.MAX_SAFE_INTEGER };
}
