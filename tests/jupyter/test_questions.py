"""What a kernel answers, and when."""

import time
import unittest

from kernel_session import LIMIT, OwnKernelTest, SessionTest


class Questions(SessionTest):
    def test_questions_are_answered_while_a_cell_blocks(self):
        cell = self.kc.execute("for (;;);")
        self.run_until_busy(cell)
        started = time.monotonic()
        self.assertEqual(self.reply(self.kc.complete("'x'.toUpp"))["matches"], ["toUpperCase"])
        self.assertTrue(self.reply(self.kc.inspect("parseInt"))["found"])
        self.assertEqual(self.reply(self.kc.is_complete("1"))["status"], "complete")
        self.assertEqual(self.reply(self.kc.kernel_info())["status"], "ok")
        self.assertTrue(self.kc.hb_channel.is_beating())
        self.assertLess(time.monotonic() - started, 10)
        self.interrupt()
        self.assertEqual(self.reply(cell)["ename"], "InterruptError")

    def test_completion_counts_code_points(self):
        code = "const smile = '😀'; smile.toUpp"
        content = self.reply(self.kc.complete(code, len(code)))
        self.assertEqual((content["matches"], code[content["cursor_start"]:content["cursor_end"]]), (["toUpperCase"], "toUpp"))

    def test_a_comm_that_nobody_knows_is_closed(self):
        opened = self.ask("comm_open", {"comm_id": "c1", "target_name": "nothing", "data": {}})
        self.assertEqual(self.published(opened), [("comm_close", {"comm_id": "c1", "data": {}})])
        for msg_type in ("comm_msg", "comm_close"):
            self.assertEqual(self.published(self.ask(msg_type, {"comm_id": "c1", "data": {}})), [])
        self.assertEqual(self.reply(self.ask("comm_info_request", {}))["comms"], {})
        self.assertEqual(self.reply(self.ask("comm_info_request", {"target_name": "jupyter.widget"}))["comms"], {})

    def test_what_the_kernel_does_not_know_is_not_answered(self):
        for msg_type in ("debug_request", "usage_request", "create_subshell_request", "connect_request", "nonsense"):
            for channel in ("shell", "control"):
                msg_id = self.ask(msg_type, {"command": "initialize", "seq": 1}, channel)
                self.assertEqual(self.published(msg_id), [])
        # On each channel the next answer is that to the next question.
        for channel in ("shell", "control"):
            msg_id = self.ask("kernel_info_request", {}, channel)
            get = self.kc.get_shell_msg if channel == "shell" else self.kc.get_control_msg
            while (message := get(timeout=LIMIT))["parent_header"]["msg_id"] != msg_id:
                self.assertEqual(message["msg_type"], "kernel_info_reply")

    def test_no_debugger_and_no_subshells_are_offered(self):
        for channel in ("shell", "control"):
            info = self.reply(self.ask("kernel_info_request", {}, channel), channel)
            self.assertEqual((info["debugger"], info["supported_features"]), (False, []))

    def test_indent_of_the_next_line(self):
        for code, indent in (("for (const i of []) {", "  "), ("  f(", "    "), ("{\n  const a =", "  ")):
            self.assertEqual(self.reply(self.kc.is_complete(code)), {"status": "incomplete", "indent": indent})

    def test_garbage_is_dropped(self):
        """Each of these is dropped or refused, whatever it holds; the kernel answers the next question."""
        session = self.kc.session
        for channel in (self.kc.shell_channel, self.kc.control_channel, self.kc.stdin_channel):
            for frames in ([b""], [b"garbage"], [b"<IDS|MSG>"], [b"<IDS|MSG>", b"wrong", b"{}", b"{}", b"{}", b"{}"]):
                channel.socket.send_multipart(frames)
            for parts in (
                [b"{}", b"{}", b"{}", b"{}"],
                [b"null", b"null", b"null", b"null"],
                [b"[]", b"[]", b"[]", b"[]"],
                [b"\xff\xfe", b"{}", b"{}", b"{}"],
                [b"{", b"{}", b"{}", b"{}"],
                [b'{"msg_type": 3}', b"{}", b"{}", b"{}"],
                [b'{"msg_type": "execute_request"}', b"{}", b"{}", b"null"],
                [b'{"msg_type": "complete_request"}', b"{}", b"{}", b"{}"],
                [b'{"msg_type": "history_request"}', b"{}", b"{}", b'{"hist_access_type": 3, "n": {}}'],
                [b'{"msg_type": "constructor"}', b"{}", b"{}", b"{}"],
                [b'{"msg_type": "input_reply"}', b"{}", b"{}", b"[]"],
            ):
                channel.socket.send_multipart([b"<IDS|MSG>", session.sign(parts), *parts])
        self.assertEqual(self.value("6 * 7"), "42")

    def test_a_message_of_somebody_without_the_key_is_dropped(self):
        parts = [session_part for session_part in self.kc.session.serialize(self.kc.session.msg(
            "execute_request", {"code": "globalThis.stolen = true", "silent": False}))]
        parts[1] = b"0" * len(parts[1])
        self.kc.shell_channel.socket.send_multipart(parts)
        self.assertEqual(self.value("'stolen' in globalThis"), "false")


class EditorOfVsCode(OwnKernelTest):
    """What the Jupyter extension of VS Code sends to a kernel that has just been started."""

    def test_its_flow(self):
        client = self.start()
        control = client.ask("kernel_info_request", {}, "control")
        self.assertEqual(client.reply(control, "control")["language_info"]["name"], "typescript")
        quiet = {"silent": True, "store_history": False, "allow_stdin": False, "stop_on_error": False}
        for code in ("", "1", "%cd .", "const hidden = 1"):
            content, published = client.run_cell(code, **quiet)
            self.assertEqual((content["status"], published), ("ok", []), code)
        # It asks for completions while the first cell is being written.
        for _ in range(3):
            self.assertIn("toUpperCase", client.reply(client.kc.complete("'x'.toUpp"))["matches"])
        unstored = {"silent": False, "store_history": False, "allow_stdin": True, "stop_on_error": True}
        content, published = client.run_cell("2", **unstored)
        self.assertEqual((content["status"], content["execution_count"]), ("ok", 0))
        self.assertEqual(client.reply(client.ask("comm_info_request", {"target_name": "jupyter.widget"}))["comms"], {})
        content, published = client.run_cell("6 * 7")
        self.assertEqual((content["execution_count"], published[-1][1]["data"]), (1, {"text/plain": "42"}))
        # Both ways to interrupt: the message that the kernelspec asks for.
        cell = client.kc.execute("await new Promise(() => {})")
        client.run_until_busy(cell)
        self.assertEqual(client.reply(client.ask("interrupt_request", {}, "control"), "control"), {"status": "ok"})
        self.assertEqual(client.reply(cell)["ename"], "InterruptError")


if __name__ == "__main__":
    unittest.main(verbosity=2)
