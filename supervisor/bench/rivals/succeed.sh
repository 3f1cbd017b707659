#!/bin/sh
# succeed.sh PIDFILE COMMAND...: runs the command; at USR1 runs it anew, beside the former one, whose process id is in
# FORMER: the new one ends it when it is ready. The file has the process id of this shell; descriptor 3 is the socket.
pidfile=$1
shift
app=
trap 'next=1' USR1
trap 'kill $app; wait; exit 0' INT TERM
echo $$ >"$pidfile"
while :; do
    FORMER=$app "$@" &
    app=$!
    next=
    while [ -z "$next" ]; do
        wait $app
    done
done
