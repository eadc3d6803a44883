# Completion of wm-grep for fish. Made by scripts/generate from the flags of the program; do not edit.

complete -c wm-grep -f
complete -c wm-grep -s k -d 'match TERM: FIELD=VALUE, FIELD!=a|b, FIELD~REGEX, FIELD<9, FIELD, !FIELD, FIELD@FILE' -x -a '@timestamp bot comment database dt id length.new length.old log_action log_id log_type meta.domain meta.dt meta.id meta.offset meta.partition meta.request_id meta.stream meta.topic minor namespace page.namespace_id page.page_id page.page_title page_change_kind page_id page_namespace page_title patrolled performer.is_bot performer.is_temp performer.user_groups performer.user_id performer.user_is_bot performer.user_text rev_id rev_parent_id rev_timestamp revision.new revision.old revision.rev_id server_name server_url tags timestamp title type user wiki wiki_id wm.delta wm.lag_ms wm.page wm.rev wm.revert wm.risk wm.talk wm.user wm.user_kind wm.wiki'
complete -c wm-grep -l query -d 'match all TERMS: conditions, words or quoted phrases' -x -a '@timestamp bot comment database dt id length.new length.old log_action log_id log_type meta.domain meta.dt meta.id meta.offset meta.partition meta.request_id meta.stream meta.topic minor namespace page.namespace_id page.page_id page.page_title page_change_kind page_id page_namespace page_title patrolled performer.is_bot performer.is_temp performer.user_groups performer.user_id performer.user_is_bot performer.user_text rev_id rev_parent_id rev_timestamp revision.new revision.old revision.rev_id server_name server_url tags timestamp title type user wiki wiki_id wm.delta wm.lag_ms wm.page wm.rev wm.revert wm.risk wm.talk wm.user wm.user_kind wm.wiki'
complete -c wm-grep -l any -d 'match if one of the terms holds'
complete -c wm-grep -l since -d 'events from T on: 2026-01-31, 2026-01-31T12:00:00Z, 2h (ago)' -x
complete -c wm-grep -l until -d 'events before T' -x
complete -c wm-grep -s e -d 'search for PATTERN; with several -e, any of them' -x
complete -c wm-grep -s f -d 'search for any of the patterns in FILE, one per line' -r -F
complete -c wm-grep -s F -d 'patterns are text, not regular expressions'
complete -c wm-grep -s i -d 'ignore case in patterns'
complete -c wm-grep -s w -d 'match whole words only'
complete -c wm-grep -s x -d 'match whole lines only'
complete -c wm-grep -s v -d 'print the lines that do not match'
complete -c wm-grep -s o -d 'print each match on its own line'
complete -c wm-grep -s c -d 'print only the number of matching lines'
complete -c wm-grep -s m -d 'stop after N lines of each input' -x
complete -c wm-grep -l color -d 'highlight matches: WHEN is auto, always or never' -x -a 'auto always never'
complete -c wm-grep -l stats -d 'print at the end how much was searched'
complete -c wm-grep -s q -d 'print nothing; see the exit code'
complete -c wm-grep -s H -d 'print the name of the file before each line'
complete -c wm-grep -l no-filename -d 'print no file names before counts'
complete -c wm-grep -s j -d 'search N blocks in parallel' -x
complete -c wm-grep -l drain -d 'after a signal, read a pipe for at most TIME' -x
complete -c wm-grep -l max-line -d 'skip lines longer than SIZE' -x
complete -c wm-grep -l config -d 'read settings from FILE (YAML)' -r -F
complete -c wm-grep -l print-config -d 'print all settings and where they come from'
complete -c wm-grep -l version -d 'print the version'
complete -c wm-grep -l help -s h -d 'print a short help'
complete -c wm-grep -F
