"""twilio_sdk.py - asks tests/server/twilio_sdk.js, which stays for as long as the test."""
import json
import os
import subprocess
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
_child, _turn = [], threading.Lock()


def ask(what, **more):
    with _turn:                         # one question, one answer
        if not _child:
            _child.append(subprocess.Popen(["node", os.path.join(HERE, "..", "server", "twilio_sdk.js")],
                                           stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        _child[0].stdin.write(json.dumps({"what": what, **more}) + "\n")
        _child[0].stdin.flush()
        return json.loads(_child[0].stdout.readline())
