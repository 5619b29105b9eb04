/** Executes a notebook through the kernel's own protocol, in memory: the front's client is the notebook file. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { languageInfo } from '../front/protocol.js';
import { type Message, messageFactory, type Receive, type Transport } from '../front/protocol-messages.js';
import type { FrontMode } from '../shared/messages.js';
import { formatNotebook, type Notebook, type NotebookCell, type Output, parseNotebook, sourceOf } from './nbformat.js';
import { addOutput, isOutput, updateDisplays } from './outputs.js';
import { Terminal } from './terminal.js';

type NotebookMode = Extract<FrontMode, { kind: 'notebook' }>;

interface Ending {
  readonly typescriptVersion: string;
  /** Ends the process. */
  exit(code: number): void;
}

/** The transport that plays a notebook; it exits with 1 if a cell failed that may not. */
export function runNotebook(mode: NotebookMode, ending: Ending): Transport {
  const terminal = new Terminal();
  const createMessage = messageFactory();
  /** Outputs by the id of the request that they belong to. */
  const outputs = new Map<string, Output[]>();
  /** Outputs that the next one takes the place of. */
  const toClear = new Set<Output[]>();
  let notebook: Notebook | undefined;
  let isDone = false;
  const replies = new Map<string, (content: Message['content']) => void>();

  function published(message: Message): void {
    const parent = message.parent_header.msg_id;
    if (message.header.msg_type === 'update_display_data') {
      const updated = updateDisplays(outputs.values(), message.content);
      if (updated) terminal.output(updated);
      return;
    }
    const shown = outputs.get(parent ?? '');
    if (message.header.msg_type === 'clear_output') {
      if (shown !== undefined && message.content.wait === true) toClear.add(shown);
      else shown?.splice(0);
      return;
    }
    if (shown !== undefined && isOutput(message) && toClear.delete(shown)) shown.splice(0);
    // What belongs to no cell, such as late output of nothing known, is only shown.
    const added = addOutput(shown ?? [], message);
    if (added) terminal.output(added);
  }

  function execute(code: string, receive: Receive, into: Output[]): Promise<Message['content']> {
    const request = createMessage('execute_request', {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: !mode.allowErrors,
    });
    outputs.set(request.header.msg_id, into);
    const reply = new Promise<Message['content']>((resolve) => replies.set(request.header.msg_id, resolve));
    receive('shell', request, []);
    return reply;
  }

  function write(): void {
    if (notebook === undefined || mode.output === undefined) return;
    notebook.metadata.kernelspec = { display_name: 'TypeScript (fleche)', language: 'typescript', name: 'fleche' };
    notebook.metadata.language_info = languageInfo(ending.typescriptVersion);
    writeFileSync(mode.output, formatNotebook(notebook));
    terminal.wrote(path.relative(process.cwd(), mode.output));
  }

  async function play({ cells: all }: Notebook, receive: Receive): Promise<number> {
    const cells = all.filter((cell) => cell.cell_type === 'code');
    for (const cell of cells) {
      cell.outputs = [];
      cell.execution_count = null;
    }
    let failed = 0;
    for (const [index, cell] of cells.entries()) {
      const code = sourceOf(cell);
      if (code.trim() === '') continue;
      terminal.begin(index + 1, cells.length, code);
      const reply = await execute(code, receive, cell.outputs as Output[]);
      cell.execution_count = reply.execution_count as number;
      if (reply.status !== 'ok') {
        failed++;
        if (!mayFail(mode, cell)) {
          terminal.failed(mode.file, index + 1);
          return 1;
        }
      }
    }
    terminal.end(cells.length, failed);
    return 0;
  }

  return {
    send(channel, message) {
      if (channel === 'iopub') published(message);
      else if (message.header.msg_type === 'execute_reply') {
        replies.get(message.parent_header.msg_id ?? '')?.(message.content);
      }
    },
    listen(receive) {
      void (async () => {
        notebook = parseNotebook(readFileSync(mode.file, 'utf8'), mode.file);
        const code = await play(notebook, receive);
        isDone = true;
        write();
        ending.exit(code);
      })().catch((error: unknown) => {
        isDone = true;
        terminal.problem(String((error as Error).message));
        ending.exit(1);
      });
    },
    async close() {
      if (isDone) return;
      terminal.problem('a cell ended the process before the notebook was at its end');
      write();
    },
  };
}

function mayFail({ allowErrors }: NotebookMode, { metadata }: NotebookCell): boolean {
  const tags = metadata.tags;
  return allowErrors || (Array.isArray(tags) && tags.includes('raises-exception'));
}
