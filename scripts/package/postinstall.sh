#!/bin/sh
# After an upgrade the services that run are restarted. None is started that the
# administrator has not enabled.
set -e
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload
	systemctl try-restart wm-store.service wm-serve.service wm-collect.service
fi
