#!/bin/sh
# The first process of a bare machine: enter.sh ROOT COMMAND [NAME=VALUE…]
#
# Started in mount, process and network namespaces of its own. It mounts what a booted system has, makes ROOT the root and
# runs COMMAND in the clone with nothing in the environment but the given variables. When it ends, the kernel ends whatever
# COMMAND has left running (a Docker engine, for example).
set -eu
root=$1
command=$2
shift 2

mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"

mkdir -p "$root/.outside"
cd "$root"
pivot_root . .outside
cd /
umount -l /.outside
rmdir /.outside

cd /srv/waybill
status=0
env -i "$@" sh -c "$command" || status=$?
# Not exec: process 1 gets no default action for signals and has to wait for orphans, which a shell does and npm does not.
exit "$status"
