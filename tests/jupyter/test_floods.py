"""Much output, and clients that read slowly or not at all."""

import time
import unittest

import zmq
from jupyter_client.session import Session

from kernel_session import LIMIT, OwnKernelTest, memory

LINES = 500_000
MIB = 1 << 20
# What a kernel may hold of its output, in MiB: some 16 wait for clients, in the ring and in the sockets; the rest is garbage
# of two threads that has not been collected yet.
GROWTH = 120


def numbered(count):
    return "".join(f"{i}\n" for i in range(count))


class Floods(OwnKernelTest):
    def test_half_a_million_lines_arrive_gathered_and_in_order(self):
        client = self.start()
        before = self.settled(client)
        _, published = client.run_cell(f"for (let i = 0; i < {LINES}; i++) console.log(i)")
        texts = [content["text"] for kind, content in published if kind == "stream"]
        self.assertEqual("".join(texts), numbered(LINES))
        self.assertLess(len(texts), 1000)
        growth = memory(client.process.pid, "VmHWM") - before
        print(f"{LINES} lines in {len(texts)} messages, the kernel grew by {growth:.0f} MiB", flush=True)
        self.assertLess(growth, GROWTH)
        self.assertEqual(client.value("6 * 7"), "42")

    def test_a_client_that_does_not_read_for_a_while_misses_nothing(self):
        client = self.start()
        slow = self.subscriber(client)
        client.kc.iopub_channel.stop()
        before = self.settled(client)
        # 90 MB, far more than the sockets hold.
        code = "process.env.FLECHE_OUTPUT_MB = '100'; const line = 'x'.repeat(999); for (let i = 0; i < 90_000; i++) console.log(line + (i % 10))"
        msg_id = client.kc.execute(code)
        time.sleep(8)
        # The cell waits; everything else is answered.
        self.assertEqual(client.reply(client.kc.complete("'x'.toUpp"))["matches"], ["toUpperCase"])
        growth = memory(client.process.pid, "VmHWM") - before
        size, last, state = 0, "", ""
        while state != "idle":
            message = self.next(client, slow)
            if message["parent_header"].get("msg_id") != msg_id:
                continue
            if message["msg_type"] == "stream":
                text = message["content"]["text"]
                size, last = size + len(text), (last + text)[-2001:]
            elif message["msg_type"] == "status":
                state = message["content"]["execution_state"]
        print(f"{size} characters for a client that did not read, the kernel grew by {growth:.0f} MiB", flush=True)
        self.assertEqual((size, last), (90_000 * 1001, f"\n{'x' * 999}8\n{'x' * 999}9\n"[-2001:]))
        self.assertLess(growth, GROWTH)
        self.assertEqual(client.reply(msg_id)["status"], "ok")

    def test_a_client_that_never_reads_holds_the_others_up_once(self):
        client = self.start()
        self.subscriber(client)
        before = self.settled(client)
        code = "process.env.FLECHE_OUTPUT_MB = '100'; for (let i = 0; i < 40_000; i++) console.log('y'.repeat(999))"
        for _ in range(2):
            _, published = client.run_cell(code)
            size = sum(len(content["text"]) for kind, content in published if kind == "stream")
            self.assertEqual(size, 40_000 * 1000)
        growth = memory(client.process.pid, "VmHWM") - before
        print(f"two floods past a client that never reads, the kernel grew by {growth:.0f} MiB", flush=True)
        self.assertLess(growth, GROWTH)

    def test_a_cell_that_waits_for_its_client_can_be_interrupted(self):
        client = self.start()
        self.subscriber(client)
        client.kc.iopub_channel.stop()
        for code in (
            "for (;;) console.log('z'.repeat(999))",
            "await null; for (;;) console.log('z'.repeat(999))",
            "import { display } from 'tslab'; for (;;) display.text('z'.repeat(9999))",
        ):
            with self.subTest(code):
                msg_id = client.kc.execute(code)
                time.sleep(4)
                client.km.interrupt_kernel()
                self.assertEqual(client.reply(msg_id)["ename"], "InterruptError")

    def settled(self, client):
        """The memory of a kernel that has loaded all that it loads when it has time; its maximum counts from here."""
        client.reply(client.kc.execute("1"))
        client.reply(client.kc.complete("'x'.toUpp"))
        with open(f"/proc/{client.process.pid}/clear_refs", "w") as command:
            command.write("5")
        return memory(client.process.pid)

    def subscriber(self, client):
        """A client of its own that reads only when it is asked, and whose side holds little."""
        socket = zmq.Context.instance().socket(zmq.SUB)
        self.addCleanup(socket.close, 0)
        socket.rcvhwm = 5
        socket.connect(client.km._make_url("iopub"))
        socket.subscribe(b"")
        # The welcome tells that the subscription has arrived.
        self.assertTrue(socket.poll(LIMIT * 1000))
        self.assertEqual(self.next(client, socket)["msg_type"], "iopub_welcome")
        return socket

    def next(self, client, socket):
        self.assertTrue(socket.poll(LIMIT * 1000), "nothing comes any more")
        # Of its own: a session refuses what it has seen, and both clients see the same.
        session = Session(key=client.kc.session.key)
        _, frames = session.feed_identities(socket.recv_multipart())
        return session.deserialize(frames)


if __name__ == "__main__":
    unittest.main(verbosity=2)
