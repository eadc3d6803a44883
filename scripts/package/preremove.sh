#!/bin/sh
# dpkg passes "remove" or "upgrade", rpm the number of versions that remain.
set -e
case "$1" in
remove | 0)
	if [ -d /run/systemd/system ]; then
		systemctl disable --now wm-collect.service wm-serve.service wm-store.service wm-prune.timer
	fi
	;;
esac
