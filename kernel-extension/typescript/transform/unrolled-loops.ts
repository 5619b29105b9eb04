/** Tight loops go round several times for each check of theirs, which would cost a quarter of what some of them do. */
import type ts from 'typescript';
import { AGAIN, END } from '../../shared/check-names.js';
import type { TypeScript } from '../load-typescript.js';
import { some } from './code-that-runs.js';

/** How often a tight loop does again what it does in a turn. */
const REPETITIONS = 3;
/** The longest text of a loop that is worth it. */
const LONGEST = 300;

/**
 * Whether a loop in which nothing else can run is tight enough. It has no loop inside, so that the texts of repetitions do not
 * hold each other.
 */
export function isTight(t: TypeScript, loop: ts.IterationStatement): loop is ts.WhileStatement | ts.DoStatement {
  if (!t.isWhileStatement(loop) && !t.isDoStatement(loop)) return false;
  const isLoop = (node: ts.Node): boolean => t.isIterationStatement(node, false);
  return loop.end - loop.getStart() <= LONGEST && !some(t, loop.statement, isLoop);
}

/** `if (!(condition)) break; body` a few times: what follows the body in one turn of a `while` or `do`. */
export function repetitions(
  t: TypeScript,
  f: ts.NodeFactory,
  { expression: condition, statement: body }: ts.WhileStatement | ts.DoStatement,
): ts.Statement[] {
  const turns = Array.from({ length: REPETITIONS }, () => [
    f.createIfStatement(f.createLogicalNot(f.createParenthesizedExpression(condition)), f.createBreakStatement()),
    t.isBlock(body) ? f.createBlock(body.statements) : f.createBlock([body]),
  ]).flat();
  const comment = t.SyntaxKind.MultiLineCommentTrivia;
  t.addSyntheticLeadingComment(turns[0] as ts.Statement, comment, AGAIN, false);
  t.addSyntheticTrailingComment(turns.at(-1) as ts.Statement, comment, END, false);
  return turns;
}
