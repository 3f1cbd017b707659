#!/bin/sh
# restart.sh PIDFILE COMMAND...: runs the command again whenever it ends, its process id in the file.
# Descriptor 3 is the socket, where systemd-socket-activate has run this.
pidfile=$1
shift
trap 'kill $app; wait $app; exit 0' INT TERM
while :; do
    "$@" &
    app=$!
    echo $app >"$pidfile"
    wait $app
done
