/** The outputs of a cell, put together from the messages that it sends, as nbclient does it. */
import type { Content, Message } from '../front/protocol-messages.js';
import type { Bundle, Output } from './nbformat.js';

/** Whether a message of iopub is an output. */
export function isOutput({ header, content }: Message): boolean {
  return toOutput(header.msg_type, content) !== undefined;
}

/** Takes a message of iopub; returns what it adds to the outputs, or shows anew. */
export function addOutput(outputs: Output[], { header, content }: Message): Output | undefined {
  const output = toOutput(header.msg_type, content);
  if (output === undefined) return undefined;
  const last = outputs.at(-1);
  if (output.output_type === 'stream' && last?.output_type === 'stream' && last.name === output.name) {
    last.text = `${last.text as string}${output.text as string}`;
  } else outputs.push(output);
  return output;
}

/** Replaces, in all cells, what was displayed under the id of an `update_display_data`. */
export function updateDisplays(cells: Iterable<Output[]>, content: Content): Output | undefined {
  const { data, metadata, transient } = content as {
    data: Bundle;
    metadata: object;
    transient: { display_id?: string };
  };
  let updated: Output | undefined;
  for (const outputs of cells) {
    for (const output of outputs) {
      if (output.output_type !== 'display_data' || output.transient?.display_id !== transient.display_id) continue;
      output.data = data;
      output.metadata = metadata;
      updated = output;
    }
  }
  return updated;
}

function toOutput(type: string, content: Content): Output | undefined {
  switch (type) {
    case 'stream':
      return { output_type: 'stream', name: content.name as string, text: content.text as string };
    case 'display_data':
    case 'execute_result':
    case 'error':
      return { output_type: type, ...content } as unknown as Output;
    default:
      return undefined;
  }
}
