"""Tests of the relay on real sockets of the loopback address."""

import socket
import sys
import unittest

import relay


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RelayTest(unittest.TestCase):
    def setUp(self):
        print(flush=True)
        self.port = free_port()

    def start_relay(self):
        server = relay.Relay(self.port)
        server.start()
        self.addCleanup(server.stop)
        return server

    def test_delivers_in_order(self):
        server = self.start_relay()
        relay.send(self.port, [b"one", b"two", b"three"])
        server.stop()
        server.thread.join()
        self.assertEqual(server.delivered, [b"one\n", b"two\n", b"three\n"])

    def test_restarts_on_the_same_port(self):
        for generation in range(5):
            server = self.start_relay()
            relay.send(self.port, [b"message %d" % number for number in range(12)])
            print(f"generation {generation}: 12 messages accepted")
            server.stop()


if __name__ == "__main__":
    unittest.main(testRunner=unittest.TextTestRunner(stream=sys.stdout, verbosity=2))
