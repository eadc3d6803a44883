# Completion of wm-tail for fish. Made by scripts/generate from the flags of the program; do not edit.

complete -c wm-tail -f
complete -c wm-tail -l since -d 'start at T: 2026-01-31, 2026-01-31T12:00:00Z or 2h (ago)' -x
complete -c wm-tail -l until -d 'stop before T' -x
complete -c wm-tail -s n -d 'stop after N events' -x
complete -c wm-tail -l cursor -d 'save the position in FILE and resume from it' -r -F
complete -c wm-tail -l resume -d 'resume from the position in FILE, which wm-es saves' -r -F
complete -c wm-tail -l watermark -d 'with --resume, print the position every TIME' -x
complete -c wm-tail -l overlap -d 'after a disconnect, re-request the last TIME' -x
complete -c wm-tail -l canary -d 'print the service\'s test events too'
complete -c wm-tail -l contact -d 'your mail ADDRESS or web page, for Wikimedia to reach you' -x
complete -c wm-tail -l idle -d 'reconnect after TIME without data' -x
complete -c wm-tail -l retry-for -d 'give up after an outage of TIME' -x
complete -c wm-tail -l max-event -d 'skip events larger than SIZE' -x
complete -c wm-tail -l url -d 'URL of the service' -x
complete -c wm-tail -l list -d 'print the streams that the service offers'
complete -c wm-tail -l input -d 'read a stream saved by curl from FILE (- is stdin)' -r -F
complete -c wm-tail -l metrics -d 'serve /metrics and /healthz at ADDR' -x
complete -c wm-tail -s q -d 'print no outages, progress or summary'
complete -c wm-tail -l config -d 'read settings from FILE (YAML)' -r -F
complete -c wm-tail -l print-config -d 'print all settings and where they come from'
complete -c wm-tail -l version -d 'print the version'
complete -c wm-tail -l help -s h -d 'print a short help'
complete -c wm-tail -a '(wm-tail --list 2>/dev/null; or string split " " "recentchange page-create page-delete page-move page-properties-change page-undelete page-links-change revision-create revision-tags-change revision-visibility-change page_change.v1 page_revert_risk_prediction_change.v1")'
