#!/bin/sh
# replace.sh PIDFILE COMMAND...: runs the command; at USR1 tells it to end and runs it anew at once, while the former one
# finishes what is in flight. The file has the process id of this shell; descriptor 3 is the socket.
pidfile=$1
shift
trap 'kill $app; next=1' USR1
trap 'kill $app; wait; exit 0' INT TERM
echo $$ >"$pidfile"
while :; do
    "$@" &
    app=$!
    next=
    while [ -z "$next" ]; do
        wait $app
    done
done
