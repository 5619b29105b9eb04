/** The sockets of a connection file. */
import { readFileSync } from 'node:fs';
import { Reply, Router } from 'zeromq';
import { Outbox } from './outbox.js';
import type { Channel, Message, Transport } from './protocol-messages.js';
import { Publisher } from './publisher.js';
import { Wire } from './wire.js';

interface ConnectionFile {
  readonly transport: string;
  readonly ip: string;
  readonly key: string;
  readonly iopub_port: number;
  readonly shell_port: number;
  readonly control_port: number;
  readonly stdin_port: number;
  readonly hb_port: number;
}

interface Sender {
  send(frames: Buffer[]): Promise<void>;
}

/** How long what has been sent is kept for slow clients when the kernel ends, in milliseconds. */
const LINGER_MS = 500;

/**
 * Binds the five sockets that the connection file names.
 *
 * @param congested Told when the clients read less than is sent to them, and when they do again.
 */
export async function openSockets(
  connectionFile: string,
  congested: (isCongested: boolean) => void,
): Promise<Transport> {
  const connection = JSON.parse(readFileSync(connectionFile, 'utf8')) as ConnectionFile;
  const wire = new Wire(connection.key);
  const sockets = {
    iopub: new Publisher({ linger: LINGER_MS }),
    // There are no more answers than a client asks for; none is thrown away.
    shell: new Router({ sendHighWaterMark: 0, linger: LINGER_MS }),
    control: new Router({ sendHighWaterMark: 0, linger: LINGER_MS }),
    stdin: new Router({ sendHighWaterMark: 0, linger: LINGER_MS }),
  };
  const heartbeat = new Reply({ linger: 0 });
  const address = (port: number): string =>
    connection.transport === 'ipc'
      ? `ipc://${connection.ip}-${port}`
      : `${connection.transport}://${connection.ip}:${port}`;
  await Promise.all([
    sockets.iopub.bind(address(connection.iopub_port)),
    sockets.shell.bind(address(connection.shell_port)),
    sockets.control.bind(address(connection.control_port)),
    sockets.stdin.bind(address(connection.stdin_port)),
    heartbeat.bind(address(connection.hb_port)),
  ]);
  const answering = (socket: Sender): Outbox => new Outbox((frames) => socket.send(frames as Buffer[]));
  const outboxes = {
    iopub: new Outbox((frames) => sockets.iopub.publish(frames), congested),
    shell: answering(sockets.shell),
    control: answering(sockets.control),
    stdin: answering(sockets.stdin),
  };
  const send = (channel: Channel, message: Message, route: readonly Uint8Array[]): void =>
    outboxes[channel].add(wire.encode(message, channel === 'iopub' ? [Buffer.from(message.header.msg_type)] : route));
  return {
    send,
    listen(receive, subscribed) {
      void each(sockets.iopub, async ([frame]) => {
        if (frame === undefined) return;
        const subscription = frame.subarray(1);
        if (frame[0] !== 1) return sockets.iopub.release(subscription);
        const admitted = outboxes.iopub.call(() => sockets.iopub.admit(subscription));
        subscribed(subscription.toString());
        await admitted;
      });
      for (const channel of ['shell', 'control', 'stdin'] as const) {
        void each(sockets[channel], (frames) => {
          const decoded = wire.decode(frames);
          if (decoded !== undefined) receive(channel, decoded.message, decoded.route);
        });
      }
      void each(heartbeat, (frames) => void heartbeat.send(frames).catch(() => {}));
    },
    async close() {
      await Promise.all(Object.values(outboxes).map((outbox) => outbox.close(LINGER_MS)));
      for (const socket of [...Object.values(sockets), heartbeat]) socket.close();
    },
  };
}

/** Hands over what a socket receives, one after the other, until it is closed. */
async function each(socket: AsyncIterable<Buffer[]>, take: (frames: Buffer[]) => void | Promise<void>): Promise<void> {
  try {
    for await (const frames of socket) await take(frames);
  } catch {
    // closed while waiting
  }
}
