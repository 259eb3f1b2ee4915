"""A mailbox to fetch mail from: as much of IMAP4rev1 (RFC 3501) as one who fetches unseen mail speaks."""

import re
import socketserver
import threading


class Mailbox:
    """`mails` holds the messages as bytes, `seen` the numbers marked so; `sizes` are told instead of the real ones.

    It hangs up before any of `breaks`.
    """

    USER, PASSWORD = "service@inkwell.example.com", "a mailbox's password"

    def __init__(self):
        self.mails = []
        self.seen = set()
        self.sizes = {}
        self.breaks = []
        mailbox = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self):
                self.say("* OK IMAP4rev1 ready")
                while line := self.rfile.readline().decode().strip():
                    tag, _, command = line.partition(" ")
                    if any(command.startswith(each) for each in mailbox.breaks):
                        mailbox.breaks.clear()
                        return
                    for answer in mailbox.answers(command):
                        self.say(answer)
                    good = command.split(" ")[0] != "LOGIN" or mailbox.admits(command)
                    self.say(f"{tag} {'OK done' if good else 'NO who is that'}")
                    if command == "LOGOUT":
                        return

            def say(self, answer):
                self.wfile.write((answer if isinstance(answer, bytes) else answer.encode()) + b"\r\n")

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def admits(self, command):
        return command == f'LOGIN {self.USER} "{self.PASSWORD}"'

    def answers(self, command):
        if command == "CAPABILITY":
            return ["* CAPABILITY IMAP4rev1"]
        if command.startswith("SELECT"):
            return [f"* {len(self.mails)} EXISTS"]
        if command == "UID SEARCH UNSEEN":
            unseen = [str(n) for n in range(1, len(self.mails) + 1) if n not in self.seen]
            return [" ".join(["* SEARCH", *unseen])]
        if asked := re.fullmatch(r"UID FETCH (\d+) \(RFC822\.SIZE\)", command):
            size = self.sizes.get(int(asked[1]), len(self.mails[int(asked[1]) - 1]))
            return [f"* {asked[1]} FETCH (UID {asked[1]} RFC822.SIZE {size})"]
        if fetched := re.fullmatch(r"UID FETCH (\d+) \(BODY\.PEEK\[\]\)", command):
            number = int(fetched[1])
            mail = self.mails[number - 1]
            return [f"* {number} FETCH (UID {number} BODY[] {{{len(mail)}}}\r\n".encode() + mail + b")"]
        if stored := re.fullmatch(r"UID STORE (\d+) \+FLAGS \(\\Seen\)", command):
            self.seen.add(int(stored[1]))
            return [f"* {stored[1]} FETCH (FLAGS (\\Seen))"]
        return []

    def close(self):
        self.server.shutdown()
        self.server.server_close()
