#!/usr/bin/env python3
"""sftp_cut.py MODE FOLDER: OpenSSH's sftp-server, and what goes wrong around one renaming.

  answered-not   renames, and the connection ends before the answer
  asked-not      the connection ends before the renaming is asked for
  refused        answers "failure", and has not renamed
  fetched        as answered-not, and the file is fetched at once

The first renaming only; those after it pass.  FOLDER is where `done` is noted.
"""
import os
import signal
import struct
import subprocess
import sys
import threading

RENAME, STATUS, FAILURE = 18, 101, 4
mode, folder = sys.argv[1:3]
noted = os.path.join(folder, "done")
server = subprocess.Popen(["/usr/lib/openssh/sftp-server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
waited_for = {}


def packet(stream):
    head = stream.read(4)
    if len(head) < 4:
        return None
    return head + stream.read(struct.unpack(">I", head)[0])


def cut():
    open(noted, "w", encoding="ascii").close()
    os.kill(os.getppid(), signal.SIGKILL)
    os._exit(1)


def back(out):
    while (p := packet(server.stdout)) is not None:
        number = struct.unpack(">I", p[5:9])[0]
        if p[4] == STATUS and number in waited_for and not os.path.exists(noted):
            if mode == "fetched":
                os.remove(waited_for[number])
            cut()
        out.write(p)
        out.flush()
    os._exit(0)


def text(p, at):
    size = struct.unpack(">I", p[at:at + 4])[0]
    return p[at + 4:at + 4 + size].decode(), at + 4 + size


def main():
    given, out = os.fdopen(0, "rb"), os.fdopen(1, "wb")
    threading.Thread(target=back, args=(out,), daemon=True).start()
    while (p := packet(given)) is not None:
        if p[4] == RENAME and not os.path.exists(noted):
            number = p[5:9]
            if mode == "asked-not":
                cut()
            if mode == "refused":
                open(noted, "w", encoding="ascii").close()
                body = bytes([STATUS]) + number + struct.pack(">I", FAILURE) + struct.pack(">I", 0) * 2
                out.write(struct.pack(">I", len(body)) + body)
                out.flush()
                continue
            waited_for[struct.unpack(">I", number)[0]] = text(p, text(p, 9)[1])[0]
        server.stdin.write(p)
        server.stdin.flush()


main()
