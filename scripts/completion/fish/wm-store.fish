# Completion of wm-store for fish. Made by scripts/generate from the flags of the program; do not edit.

complete -c wm-store -f
complete -c wm-store -n 'not __fish_seen_subcommand_from verify rebuild backup' -l data -d 'keep everything in DIR' -r -F
complete -c wm-store -n 'not __fish_seen_subcommand_from verify rebuild backup' -l listen -d 'listen on ADDRESS' -x
complete -c wm-store -n 'not __fish_seen_subcommand_from verify rebuild backup' -l keep -d 'delete the indices of days older than TIME, such as 30d' -x
complete -c wm-store -n 'not __fish_seen_subcommand_from verify rebuild backup' -l memory -d 'use about SIZE of memory' -x
complete -c wm-store -n 'not __fish_seen_subcommand_from verify rebuild backup' -l users -d 'admit the users in FILE: lines NAME:BCRYPT-HASH' -r -F
complete -c wm-store -n 'not __fish_seen_subcommand_from verify rebuild backup' -l hosts -d 'also answer to these host NAMES, separated by commas' -x
complete -c wm-store -n 'not __fish_seen_subcommand_from verify rebuild backup' -l metrics -d 'serve /metrics and /healthz at ADDRESS' -x
complete -c wm-store -n 'not __fish_seen_subcommand_from verify rebuild backup' -s q -d 'quiet: no messages'
complete -c wm-store -n 'not __fish_seen_subcommand_from verify rebuild backup' -l config -d 'read settings from FILE (YAML)' -r -F
complete -c wm-store -n 'not __fish_seen_subcommand_from verify rebuild backup' -l print-config -d 'print all settings and where they come from'
complete -c wm-store -n 'not __fish_seen_subcommand_from verify rebuild backup' -l version -d 'print the version'
complete -c wm-store -n 'not __fish_seen_subcommand_from verify rebuild backup' -l help -s h -d 'print a short help'
complete -c wm-store -n '__fish_seen_subcommand_from verify' -s q -d 'quiet: no messages'
complete -c wm-store -n '__fish_seen_subcommand_from verify' -l config -d 'read settings from FILE (YAML)' -r -F
complete -c wm-store -n '__fish_seen_subcommand_from verify' -l print-config -d 'print all settings and where they come from'
complete -c wm-store -n '__fish_seen_subcommand_from rebuild' -l memory -d 'use about SIZE of memory' -x
complete -c wm-store -n '__fish_seen_subcommand_from rebuild' -s q -d 'quiet: no messages'
complete -c wm-store -n '__fish_seen_subcommand_from rebuild' -l config -d 'read settings from FILE (YAML)' -r -F
complete -c wm-store -n '__fish_seen_subcommand_from rebuild' -l print-config -d 'print all settings and where they come from'
complete -c wm-store -n '__fish_seen_subcommand_from backup' -s q -d 'quiet: no messages'
complete -c wm-store -n '__fish_seen_subcommand_from backup' -l config -d 'read settings from FILE (YAML)' -r -F
complete -c wm-store -n '__fish_seen_subcommand_from backup' -l print-config -d 'print all settings and where they come from'
