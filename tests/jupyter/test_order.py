"""The order in which text, displays, results, clearing and `idle` arrive: the program's."""

import unittest

from kernel_session import SessionTest

TURNS = 2000


class Order(SessionTest):
    def test_text_displays_and_clearing_arrive_in_the_order_of_the_program(self):
        _, published = self.run_cell(
            f"for (let i = 0; i < {TURNS}; i++) {{ console.log(i); display(i); console.error(i); clearOutput({{ wait: i % 2 === 0 }}); }} 'end'"
        )
        expected = [event for i in range(TURNS) for event in (f"{i}\n", i, f"!{i}\n", i % 2 == 0)]
        self.assertEqual([self.event(*each) for each in published[1:]], [*expected, "'end'"])

    def test_so_it_is_where_the_program_pauses(self):
        _, published = self.run_cell(
            "for (let i = 1; i < 100; i++) { console.log(i); if (i % 10 === 0) await new Promise((r) => setTimeout(r, 30)); display(i); console.log(-i); clearOutput(); }"
        )
        expected = [event for i in range(1, 100) for event in (f"{i}\n", i, f"{-i}\n", False)]
        self.assertEqual([self.event(*each) for each in self.joined(published[1:])], expected)

    def event(self, kind, content):
        if kind == "stream":
            return ("!" if content["name"] == "stderr" else "") + content["text"]
        if kind == "clear_output":
            return content["wait"]
        text = content["data"]["text/plain"]
        return int(text) if kind == "display_data" else text

    def joined(self, published):
        """The same, with neighbouring texts of a stream as one."""
        result = []
        for kind, content in published:
            last = result[-1] if result else (None, {})
            if kind == last[0] == "stream" and content["name"] == last[1]["name"]:
                result[-1] = (kind, {**content, "text": last[1]["text"] + content["text"]})
            else:
                result.append((kind, content))
        return result


if __name__ == "__main__":
    unittest.main(verbosity=2)
