/** Messages of the Jupyter protocol, without a wire. https://jupyter-client.readthedocs.io/en/stable/messaging.html */
import { randomUUID } from 'node:crypto';

/** The version of the protocol that the kernel speaks. */
export const PROTOCOL_VERSION = '5.4';

/** The channels that messages travel on. */
export type Channel = 'shell' | 'control' | 'stdin' | 'iopub';

/** Header of a message. */
export interface Header {
  readonly msg_id: string;
  readonly session: string;
  readonly username: string;
  /** ISO 8601. */
  readonly date: string;
  readonly msg_type: string;
  readonly version: string;
}

/** Content of a message: JSON. */
export type Content = Readonly<Record<string, unknown>>;

/** A message. */
export interface Message {
  readonly header: Header;
  /** Header of the request that this belongs to; empty, if to none. */
  readonly parent_header: Header | Record<string, never>;
  readonly metadata: Content;
  readonly content: Content;
}

/** Whom to answer: the identity frames of a ZeroMQ router. */
export type Route = readonly Uint8Array[];

/** Takes a message from a client. */
export type Receive = (channel: Channel, message: Message, route: Route) => void;

/** What carries messages: sockets, or a notebook that is run in memory. */
export interface Transport {
  send(channel: Channel, message: Message, route: Route): void;
  /**
   * Begins to receive.
   *
   * @param subscribed Told of a new subscriber; what it sends is the first that this one gets.
   */
  listen(receive: Receive, subscribed: (subscription: string) => void): void;
  /** Resolves when what has been sent is on its way. */
  close(): Promise<void>;
}

/** Makes the messages of one kernel session. */
export function messageFactory(): (type: string, content: Content, parent?: Header) => Message {
  const session = randomUUID();
  return (type, content, parent) => ({
    header: {
      msg_id: randomUUID(),
      session,
      username: 'kernel',
      date: new Date().toISOString(),
      msg_type: type,
      version: PROTOCOL_VERSION,
    },
    parent_header: parent ?? {},
    metadata: {},
    content,
  });
}
