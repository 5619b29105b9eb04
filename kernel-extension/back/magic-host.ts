/** Our kernel as magics see it. */
import type { MagicHost } from '../magics/types.js';
import type { Boxes } from './boxes.js';
import type { RunningCell } from './cell-runner.js';
import type { Connection } from './connection.js';
import { runMagicShell } from './magic-shell.js';
import type { Segments } from './segments.js';

/** What the host is made of. */
export interface MagicHostParts {
  readonly connection: Connection;
  readonly segments: Segments;
  /** Tells that a process group has been started or has ended. */
  group(pid: number, ended: boolean): void;
  boxes(): Boxes;
}

/** The kernel for the magics of a cell. */
export function magicHost({ connection, segments, group, boxes }: MagicHostParts, running: RunningCell): MagicHost {
  const { id, wishes } = running;
  const compile = async (expression: string): Promise<() => Promise<unknown>> => {
    const code = await connection.compile(expression, running.settle());
    return () => running.evaluate(code);
  };
  const write: MagicHost['write'] = (stream, text) => connection.ring.write(id, stream === 'stderr', text);
  return {
    write,
    display: (data) => connection.send({ op: 'display', cell: id, data, displayId: undefined, isUpdate: false }),
    compile,
    evaluate: async (expression) => (await compile(expression))(),
    call: (step) => segments.run(id, step),
    shell: (command, options = {}) => runMagicShell(command, options, { write, group }),
    async names() {
      const names = await connection.ask('names', { assigned: running.settle() });
      return names.map((each) => ({ ...each, value: each.isType ? undefined : boxes().find(each.name)?.v }));
    },
    async forget() {
      await connection.ask('forget', {});
      boxes().clear();
    },
    history: (request) => connection.ask('history', request),
    options: () => connection.ask('options', {}),
    setOption: (name, value) => connection.ask('setOption', { name, value }),
    include: (cells) => wishes.include.push(...cells),
    replaceCell: (text) => {
      wishes.nextInput = text;
    },
  };
}
