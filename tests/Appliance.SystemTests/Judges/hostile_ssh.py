"""hostile_ssh.py HOST PORT USER KEY: what an ssh client that obeys nobody can ask for. Prints what came of it as JSON."""
import json
import socket
import sys
import threading

import paramiko

host, port, user, path = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
key = paramiko.Ed25519Key.from_private_key_file(path)


def connect():
    transport = paramiko.Transport((host, port))
    transport.banner_timeout = 60
    transport.auth_timeout = 60
    transport.start_client(timeout=60)
    transport.auth_publickey(user, key)
    return transport


def drain(channel):
    """All output, both streams, and the exit status; -1 where the session ended without one."""
    channel.settimeout(60)
    out = b""
    try:
        while True:
            part = channel.recv(65536)
            if not part:
                break
            out += part
        while channel.recv_stderr_ready():
            out += channel.recv_stderr(65536)
        status = channel.recv_exit_status() if channel.exit_status_ready() or channel.status_event.wait(5) else -1
    except socket.timeout:
        return out, -2
    return out, status


def execute(command):
    transport = connect()
    try:
        channel = transport.open_session(timeout=60)
        channel.exec_command(command)
        out, status = drain(channel)
        return {"status": status, "output": out.decode("utf-8", "replace")}
    except (paramiko.SSHException, EOFError, OSError) as refused:
        return {"status": -1, "output": "", "refused": type(refused).__name__}
    finally:
        transport.close()


def terminal(awaited):
    """A pty with a login shell asked for, then keys that would stop, suspend or escape a shell: at once, or when that was printed."""
    transport = connect()
    channel = transport.open_session(timeout=60)
    channel.get_pty()
    channel.invoke_shell()
    seen = b""
    channel.settimeout(60)
    try:
        while awaited not in seen:
            part = channel.recv(65536)
            if not part:
                break
            seen += part
        channel.send(b"\x03\x1a\x1c id\n; id\n~.\nexit\n")
    except OSError:
        pass
    out, status = drain(channel)
    transport.close()
    return {"status": status, "output": (seen + out).decode("utf-8", "replace")}


def refused(ask):
    transport = connect()
    try:
        ask(transport)
        return False
    except (paramiko.SSHException, EOFError, OSError):
        return True
    finally:
        transport.close()


def subsystem(transport):
    channel = transport.open_session(timeout=60)
    channel.invoke_subsystem("sftp")
    out, _ = drain(channel)
    if b"\0\0\0" not in out:
        raise paramiko.SSHException("no sftp answers")


def parallel(count):
    results = []

    def one():
        try:
            results.append(execute("status")["status"])
        except Exception as error:
            results.append(type(error).__name__)

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


answers = {
    "nul": execute(b"status\0; id"),
    "mebibyte": execute("status " + "a" * (1 << 20)),
    "escape": execute("status \x1b]0;id\x07\x1b[2J"),
    "newline": execute("status\nid"),
    "empty": execute(""),
    "environment": execute("status"),
    "terminal": terminal(b"listening"),
    "impatient": terminal(b""),
    "forward_refused": refused(lambda t: t.open_channel("direct-tcpip", ("127.0.0.1", port), ("127.0.0.1", 1), timeout=30)),
    "listen_refused": refused(lambda t: t.request_port_forward("127.0.0.1", 0)),
    "sftp_refused": refused(subsystem),
    "parallel": parallel(50),
}
print(json.dumps(answers))
