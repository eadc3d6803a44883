# Completion of wm-cut for fish. Made by scripts/generate from the flags of the program; do not edit.

complete -c wm-cut -f
complete -c wm-cut -s f -d 'print FIELDS, comma separated; FIELD=NAME renames a column' -x -a '(__fish_append , @timestamp bot comment database dt id length.new length.old log_action log_id log_type meta.domain meta.dt meta.id meta.offset meta.partition meta.request_id meta.stream meta.topic minor namespace page.namespace_id page.page_id page.page_title page_change_kind page_id page_namespace page_title patrolled performer.is_bot performer.is_temp performer.user_groups performer.user_id performer.user_is_bot performer.user_text rev_id rev_parent_id rev_timestamp revision.new revision.old revision.rev_id server_name server_url tags timestamp title type user wiki wiki_id wm.delta wm.lag_ms wm.page wm.rev wm.revert wm.risk wm.talk wm.user wm.user_kind wm.wiki)'
complete -c wm-cut -l line -d 'a readable line for each event (default without -f)'
complete -c wm-cut -l tsv -d 'tab-separated values (default with -f)'
complete -c wm-cut -l csv -d 'comma-separated values, with a header'
complete -c wm-cut -l json -d 'a JSON object with only these fields'
complete -c wm-cut -l flat -d 'with --json: name members by their path, do not nest'
complete -c wm-cut -l header -d 'print column names first'
complete -c wm-cut -l no-header -d 'with --csv: do not print column names'
complete -c wm-cut -l absent -d 'print TEXT for a field that is absent or null' -x
complete -c wm-cut -l utc -d 'with --line: print UTC on a terminal too'
complete -c wm-cut -s n -d 'stop after N events' -x
complete -c wm-cut -l since -d 'skip events before TIME: 2026-01-31, 2026-01-31T12:00Z, 2h' -x
complete -c wm-cut -l until -d 'skip events at or after TIME' -x
complete -c wm-cut -l color -d 'color lines: WHEN is auto, always or never' -x -a 'auto always never'
complete -c wm-cut -l stats -d 'print a summary at the end'
complete -c wm-cut -s j -d 'print N blocks at the same time' -x
complete -c wm-cut -l drain -d 'after a signal, read a pipe to its end for at most TIME' -x
complete -c wm-cut -l max-line -d 'skip lines longer than SIZE' -x
complete -c wm-cut -l config -d 'read settings from FILE (YAML)' -r -F
complete -c wm-cut -l print-config -d 'print all settings and where they come from'
complete -c wm-cut -l version -d 'print the version'
complete -c wm-cut -l help -s h -d 'print a short help'
complete -c wm-cut -F
