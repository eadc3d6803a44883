#!/bin/sh
# The data in /var/lib/private stays: deleting it is up to the administrator.
set -e
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload
fi
