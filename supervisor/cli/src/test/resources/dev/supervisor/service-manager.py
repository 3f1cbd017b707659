"""Plays the service manager of a command: receives its notifications, keeps its descriptors, and starts it again.

service-manager.py SOCKET COMMAND..., where SOCKET is a path, or an abstract name after an @. Each line of the standard input is
"start", "kill", "end" (which waits for the end, and then means the main process that was told), or the name of a signal for the command. Each message of the command is
written as "notified MESSAGE".
"""
import array
import os
import select
import signal
import socket
import struct
import sys

address, command = sys.argv[1], sys.argv[2:]
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
receiver.bind('\0' + address[1:] if address.startswith('@') else address)
store = []  # names and descriptors


def say(*words):
    os.write(1, (' '.join(map(str, words)) + '\n').encode())  # as a whole: the command writes there, too


def start():
    child = os.fork()
    if child == 0:
        receiver.close()
        environment = dict(os.environ, NOTIFY_SOCKET=address)
        for i, (_, descriptor) in enumerate(store):
            os.dup2(descriptor, 200 + i)
        for i in range(len(store)):
            os.dup2(200 + i, 3 + i, inheritable=True)
        os.closerange(3 + len(store), 300)
        if store:
            environment.update(
                LISTEN_FDS=str(len(store)), LISTEN_PID=str(os.getpid()), LISTEN_FDNAMES=':'.join(n for n, _ in store))
        os.execvpe(command[0], command, environment)
    say('started', child, 'with', ' '.join(sorted(name for name, _ in store)) or 'nothing')
    return child


def receive():
    global main
    data, ancillary, flags, _ = receiver.recvmsg(4096, 4096)
    descriptors = array.array('i')
    sender = None
    for level, kind, value in ancillary:
        if kind == socket.SCM_RIGHTS:
            descriptors.frombytes(value)
        elif kind == socket.SCM_CREDENTIALS:
            sender = struct.unpack('3i', value)[0]
    lines = data.decode().split('\n')
    message = dict(line.split('=', 1) for line in lines)
    if 'FDSTOREREMOVE' in message:
        for entry in [entry for entry in store if entry[0] == message['FDNAME']]:
            store.remove(entry)
            os.close(entry[1])
    for descriptor in descriptors:
        if 'FDSTORE' in message:
            store.append((message['FDNAME'], descriptor))
        else:
            os.close(descriptor)
    if 'MAINPID' in message and sender == child:
        main = int(message['MAINPID'])
    say('notified', ' '.join(lines), '' if sender == child else 'by process %s' % sender)


def act(line):
    global child
    if line == 'start':
        child = start()
    elif line == 'kill':
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        say('killed')
    elif line == 'end':
        say('ended', os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        child = main or child
    else:
        os.kill(child, getattr(signal, 'SIG' + line))


main = None
child = start()
while True:
    ready, _, _ = select.select([receiver, sys.stdin], [], [])
    if receiver in ready:
        receive()
        continue
    text = os.read(0, 4096).decode()
    if not text:
        break
    for line in text.splitlines():
        act(line)
