import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/**
 * Writes the outcome of every test to the file that FLECHE_TEST_REPORT names: JSON, a list of
 * `{ file, name, state, reason }`. vitest's own JSON leaves out why a test was skipped.
 */
export default class OutcomeReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const outcomes = [];
    for (const module of modules) {
      const file = relative(process.cwd(), module.moduleId);
      const broken = module.errors();
      if (broken.length > 0) outcomes.push({ file, name: '(the file itself)', state: 'failed', reason: first(broken) });
      for (const suite of module.children.allSuites()) {
        const errors = suite.errors();
        if (errors.length > 0) outcomes.push({ file, name: suite.fullName, state: 'failed', reason: first(errors) });
      }
      for (const test of module.children.allTests()) {
        const { state, errors, note } = test.result();
        // Still pending at the end of the run: it was to run and did not.
        const outcome = state === 'pending' ? 'failed' : state;
        outcomes.push({
          file,
          name: test.fullName,
          state: outcome,
          reason: note ?? first(errors ?? []) ?? untold(outcome),
        });
      }
    }
    for (const error of unhandledErrors) {
      outcomes.push({ file: '', name: '(outside of any test)', state: 'failed', reason: error.message });
    }
    writeFileSync(process.env.FLECHE_TEST_REPORT, JSON.stringify(outcomes));
  }
}

/** `describe.skipIf` and `test.skipIf` take no reason. */
function untold(outcome) {
  return outcome === 'skipped' ? 'its file says on what condition (skipIf)' : undefined;
}

function first(errors) {
  return errors[0]?.message.split('\n')[0];
}
