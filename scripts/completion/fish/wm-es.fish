# Completion of wm-es for fish. Made by scripts/generate from the flags of the program; do not edit.

complete -c wm-es -f
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l es -d 'server URL' -x
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l user -d 'NAME of the user' -x
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l password-file -d 'read the user\'s password from FILE' -r -F
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l api-key-file -d 'read the API key from FILE' -r -F
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l ca -d 'also trust the certificates in FILE' -r -F
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l fingerprint -d 'trust only the certificate with this SHA256' -x
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l cloud-id -d 'ID of an Elastic Cloud deployment' -x
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l insecure-tls -d 'trust any server'
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l index -d 'index name PATTERN' -x
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l cursor -d 'save progress in FILE (needs wm-tail --resume)' -r -F
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l rejects -d 'append rejected events and the reasons to FILE' -r -F
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -s n -d 'stop after N events' -x
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l workers -d 'send N batches concurrently' -x
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l batch-bytes -d 'send a batch at SIZE' -x
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l flush -d 'send a batch TIME after its first event' -x
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l gzip -d 'compress requests'
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l retry-for -d 'give up when an outage lasts longer than TIME' -x
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l drain -d 'after Ctrl-C, continue for at most TIME' -x
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l max-line -d 'reject lines longer than SIZE' -x
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l metrics -d 'serve Prometheus metrics and /healthz at ADDR' -x
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l canary -d 'also write the service\'s test events'
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -s q -d 'quiet: no outages, no summary'
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l config -d 'read settings from FILE (YAML)' -r -F
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l print-config -d 'print all settings and where they come from'
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l version -d 'print the version'
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -l help -s h -d 'print a short help'
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -a init-index -d 'create or update the index template'
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -a search -d 'print the events that match'
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -a top -d 'rank a field\'s values by number of events'
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -a count -d 'print how many events match'
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -a prune -d 'delete old indices'
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -a rejects -d 'print rejected events'
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -a cursor -d 'rebuild a lost cursor from the newest indexed events'
complete -c wm-es -n 'not __fish_seen_subcommand_from init-index search top count prune rejects cursor check' -a check -d 'check server, template and indices'
complete -c wm-es -n '__fish_seen_subcommand_from init-index' -l es -d 'server URL' -x
complete -c wm-es -n '__fish_seen_subcommand_from init-index' -l user -d 'NAME of the user' -x
complete -c wm-es -n '__fish_seen_subcommand_from init-index' -l password-file -d 'read the user\'s password from FILE' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from init-index' -l api-key-file -d 'read the API key from FILE' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from init-index' -l ca -d 'also trust the certificates in FILE' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from init-index' -l fingerprint -d 'trust only the certificate with this SHA256' -x
complete -c wm-es -n '__fish_seen_subcommand_from init-index' -l cloud-id -d 'ID of an Elastic Cloud deployment' -x
complete -c wm-es -n '__fish_seen_subcommand_from init-index' -l insecure-tls -d 'trust any server'
complete -c wm-es -n '__fish_seen_subcommand_from init-index' -l index -d 'index name PATTERN' -x
complete -c wm-es -n '__fish_seen_subcommand_from init-index' -l shards -d 'N shards per index' -x
complete -c wm-es -n '__fish_seen_subcommand_from init-index' -l replicas -d 'N replicas per shard' -x
complete -c wm-es -n '__fish_seen_subcommand_from init-index' -l refresh -d 'make documents searchable after TIME' -x
complete -c wm-es -n '__fish_seen_subcommand_from init-index' -l ilm-policy -d 'NAME of an index lifecycle management policy' -x
complete -c wm-es -n '__fish_seen_subcommand_from init-index' -l print -d 'print the template and change nothing'
complete -c wm-es -n '__fish_seen_subcommand_from init-index' -l diff -d 'print how the server\'s template differs and change nothing'
complete -c wm-es -n '__fish_seen_subcommand_from init-index' -l recreate -d 'delete the pattern\'s indices with all documents; needs --yes'
complete -c wm-es -n '__fish_seen_subcommand_from init-index' -l yes -d 'confirm --recreate'
complete -c wm-es -n '__fish_seen_subcommand_from init-index' -l timeout -d 'give up if the server does not respond for TIME' -x
complete -c wm-es -n '__fish_seen_subcommand_from init-index' -l config -d 'read settings from FILE (YAML)' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from init-index' -l print-config -d 'print all settings and where they come from'
complete -c wm-es -n '__fish_seen_subcommand_from search' -l es -d 'server URL' -x
complete -c wm-es -n '__fish_seen_subcommand_from search' -l user -d 'NAME of the user' -x
complete -c wm-es -n '__fish_seen_subcommand_from search' -l password-file -d 'read the user\'s password from FILE' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from search' -l api-key-file -d 'read the API key from FILE' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from search' -l ca -d 'also trust the certificates in FILE' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from search' -l fingerprint -d 'trust only the certificate with this SHA256' -x
complete -c wm-es -n '__fish_seen_subcommand_from search' -l cloud-id -d 'ID of an Elastic Cloud deployment' -x
complete -c wm-es -n '__fish_seen_subcommand_from search' -l insecure-tls -d 'trust any server'
complete -c wm-es -n '__fish_seen_subcommand_from search' -l index -d 'index name PATTERN' -x
complete -c wm-es -n '__fish_seen_subcommand_from search' -s k -d 'match TERM: FIELD=VALUE, FIELD!=a|b, FIELD<9, FIELD, !FIELD, FIELD@FILE' -x -a '@timestamp bot comment database dt id length.new length.old log_action log_id log_type meta.domain meta.dt meta.id meta.offset meta.partition meta.request_id meta.stream meta.topic minor namespace page.namespace_id page.page_id page.page_title page_change_kind page_id page_namespace page_title patrolled performer.is_bot performer.is_temp performer.user_groups performer.user_id performer.user_is_bot performer.user_text rev_id rev_parent_id rev_timestamp revision.new revision.old revision.rev_id server_name server_url tags timestamp title type user wiki wiki_id wm.delta wm.lag_ms wm.page wm.rev wm.revert wm.risk wm.talk wm.user wm.user_kind wm.wiki'
complete -c wm-es -n '__fish_seen_subcommand_from search' -l since -d 'events from T on: 2026-01-31, 2026-01-31T12:00:00Z, 2h (ago)' -x
complete -c wm-es -n '__fish_seen_subcommand_from search' -l until -d 'events before T' -x
complete -c wm-es -n '__fish_seen_subcommand_from search' -s n -d 'print at most N events' -x
complete -c wm-es -n '__fish_seen_subcommand_from search' -l all -d 'print all events'
complete -c wm-es -n '__fish_seen_subcommand_from search' -l sort -d 'ORDER: newest or oldest first' -x -a 'newest oldest'
complete -c wm-es -n '__fish_seen_subcommand_from search' -l derived -d 'include the fields that wm-es added'
complete -c wm-es -n '__fish_seen_subcommand_from search' -l timeout -d 'give up if the server does not respond for TIME' -x
complete -c wm-es -n '__fish_seen_subcommand_from search' -l config -d 'read settings from FILE (YAML)' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from search' -l print-config -d 'print all settings and where they come from'
complete -c wm-es -n '__fish_seen_subcommand_from search' -a '(wm-es top --fields 2>/dev/null; or string split " " "@timestamp bot comment database dt id length.new length.old log_action log_id log_type meta.domain meta.dt meta.id meta.offset meta.partition meta.request_id meta.stream meta.topic minor namespace page.namespace_id page.page_id page.page_title page_change_kind page_id page_namespace page_title patrolled performer.is_bot performer.is_temp performer.user_groups performer.user_id performer.user_is_bot performer.user_text rev_id rev_parent_id rev_timestamp revision.new revision.old revision.rev_id server_name server_url tags timestamp title type user wiki wiki_id wm.delta wm.lag_ms wm.page wm.rev wm.revert wm.risk wm.talk wm.user wm.user_kind wm.wiki")'
complete -c wm-es -n '__fish_seen_subcommand_from top' -l es -d 'server URL' -x
complete -c wm-es -n '__fish_seen_subcommand_from top' -l user -d 'NAME of the user' -x
complete -c wm-es -n '__fish_seen_subcommand_from top' -l password-file -d 'read the user\'s password from FILE' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from top' -l api-key-file -d 'read the API key from FILE' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from top' -l ca -d 'also trust the certificates in FILE' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from top' -l fingerprint -d 'trust only the certificate with this SHA256' -x
complete -c wm-es -n '__fish_seen_subcommand_from top' -l cloud-id -d 'ID of an Elastic Cloud deployment' -x
complete -c wm-es -n '__fish_seen_subcommand_from top' -l insecure-tls -d 'trust any server'
complete -c wm-es -n '__fish_seen_subcommand_from top' -l index -d 'index name PATTERN' -x
complete -c wm-es -n '__fish_seen_subcommand_from top' -s k -d 'match TERM: FIELD=VALUE, FIELD!=a|b, FIELD<9, FIELD, !FIELD, FIELD@FILE' -x -a '@timestamp bot comment database dt id length.new length.old log_action log_id log_type meta.domain meta.dt meta.id meta.offset meta.partition meta.request_id meta.stream meta.topic minor namespace page.namespace_id page.page_id page.page_title page_change_kind page_id page_namespace page_title patrolled performer.is_bot performer.is_temp performer.user_groups performer.user_id performer.user_is_bot performer.user_text rev_id rev_parent_id rev_timestamp revision.new revision.old revision.rev_id server_name server_url tags timestamp title type user wiki wiki_id wm.delta wm.lag_ms wm.page wm.rev wm.revert wm.risk wm.talk wm.user wm.user_kind wm.wiki'
complete -c wm-es -n '__fish_seen_subcommand_from top' -l since -d 'events from T on: 2026-01-31, 2026-01-31T12:00:00Z, 2h (ago)' -x
complete -c wm-es -n '__fish_seen_subcommand_from top' -l until -d 'events before T' -x
complete -c wm-es -n '__fish_seen_subcommand_from top' -s n -d 'print N values of each field' -x
complete -c wm-es -n '__fish_seen_subcommand_from top' -l by -d 'rank by MEASURE: count, users, added, removed, net, revert-share' -x -a 'count users added removed net'
complete -c wm-es -n '__fish_seen_subcommand_from top' -l per -d 'also by intervals of TIME; default period: the last 24h' -x
complete -c wm-es -n '__fish_seen_subcommand_from top' -l csv -d 'print CSV, not a table (terminal) or NDJSON (pipe)'
complete -c wm-es -n '__fish_seen_subcommand_from top' -l fields -d 'print the fields that can be ranked'
complete -c wm-es -n '__fish_seen_subcommand_from top' -s q -d 'quiet: suppress the approximate-count warning'
complete -c wm-es -n '__fish_seen_subcommand_from top' -l timeout -d 'give up if the server does not respond for TIME' -x
complete -c wm-es -n '__fish_seen_subcommand_from top' -l config -d 'read settings from FILE (YAML)' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from top' -l print-config -d 'print all settings and where they come from'
complete -c wm-es -n '__fish_seen_subcommand_from top' -a '(wm-es top --fields 2>/dev/null; or string split " " "@timestamp bot comment database dt id length.new length.old log_action log_id log_type meta.domain meta.dt meta.id meta.offset meta.partition meta.request_id meta.stream meta.topic minor namespace page.namespace_id page.page_id page.page_title page_change_kind page_id page_namespace page_title patrolled performer.is_bot performer.is_temp performer.user_groups performer.user_id performer.user_is_bot performer.user_text rev_id rev_parent_id rev_timestamp revision.new revision.old revision.rev_id server_name server_url tags timestamp title type user wiki wiki_id wm.delta wm.lag_ms wm.page wm.rev wm.revert wm.risk wm.talk wm.user wm.user_kind wm.wiki")'
complete -c wm-es -n '__fish_seen_subcommand_from count' -l es -d 'server URL' -x
complete -c wm-es -n '__fish_seen_subcommand_from count' -l user -d 'NAME of the user' -x
complete -c wm-es -n '__fish_seen_subcommand_from count' -l password-file -d 'read the user\'s password from FILE' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from count' -l api-key-file -d 'read the API key from FILE' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from count' -l ca -d 'also trust the certificates in FILE' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from count' -l fingerprint -d 'trust only the certificate with this SHA256' -x
complete -c wm-es -n '__fish_seen_subcommand_from count' -l cloud-id -d 'ID of an Elastic Cloud deployment' -x
complete -c wm-es -n '__fish_seen_subcommand_from count' -l insecure-tls -d 'trust any server'
complete -c wm-es -n '__fish_seen_subcommand_from count' -l index -d 'index name PATTERN' -x
complete -c wm-es -n '__fish_seen_subcommand_from count' -s k -d 'match TERM: FIELD=VALUE, FIELD!=a|b, FIELD<9, FIELD, !FIELD, FIELD@FILE' -x -a '@timestamp bot comment database dt id length.new length.old log_action log_id log_type meta.domain meta.dt meta.id meta.offset meta.partition meta.request_id meta.stream meta.topic minor namespace page.namespace_id page.page_id page.page_title page_change_kind page_id page_namespace page_title patrolled performer.is_bot performer.is_temp performer.user_groups performer.user_id performer.user_is_bot performer.user_text rev_id rev_parent_id rev_timestamp revision.new revision.old revision.rev_id server_name server_url tags timestamp title type user wiki wiki_id wm.delta wm.lag_ms wm.page wm.rev wm.revert wm.risk wm.talk wm.user wm.user_kind wm.wiki'
complete -c wm-es -n '__fish_seen_subcommand_from count' -l since -d 'events from T on: 2026-01-31, 2026-01-31T12:00:00Z, 2h (ago)' -x
complete -c wm-es -n '__fish_seen_subcommand_from count' -l until -d 'events before T' -x
complete -c wm-es -n '__fish_seen_subcommand_from count' -l timeout -d 'give up if the server does not respond for TIME' -x
complete -c wm-es -n '__fish_seen_subcommand_from count' -l config -d 'read settings from FILE (YAML)' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from count' -l print-config -d 'print all settings and where they come from'
complete -c wm-es -n '__fish_seen_subcommand_from count' -a '(wm-es top --fields 2>/dev/null; or string split " " "@timestamp bot comment database dt id length.new length.old log_action log_id log_type meta.domain meta.dt meta.id meta.offset meta.partition meta.request_id meta.stream meta.topic minor namespace page.namespace_id page.page_id page.page_title page_change_kind page_id page_namespace page_title patrolled performer.is_bot performer.is_temp performer.user_groups performer.user_id performer.user_is_bot performer.user_text rev_id rev_parent_id rev_timestamp revision.new revision.old revision.rev_id server_name server_url tags timestamp title type user wiki wiki_id wm.delta wm.lag_ms wm.page wm.rev wm.revert wm.risk wm.talk wm.user wm.user_kind wm.wiki")'
complete -c wm-es -n '__fish_seen_subcommand_from prune' -l es -d 'server URL' -x
complete -c wm-es -n '__fish_seen_subcommand_from prune' -l user -d 'NAME of the user' -x
complete -c wm-es -n '__fish_seen_subcommand_from prune' -l password-file -d 'read the user\'s password from FILE' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from prune' -l api-key-file -d 'read the API key from FILE' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from prune' -l ca -d 'also trust the certificates in FILE' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from prune' -l fingerprint -d 'trust only the certificate with this SHA256' -x
complete -c wm-es -n '__fish_seen_subcommand_from prune' -l cloud-id -d 'ID of an Elastic Cloud deployment' -x
complete -c wm-es -n '__fish_seen_subcommand_from prune' -l insecure-tls -d 'trust any server'
complete -c wm-es -n '__fish_seen_subcommand_from prune' -l index -d 'index name PATTERN' -x
complete -c wm-es -n '__fish_seen_subcommand_from prune' -l keep -d 'keep the events of the last TIME, such as 30d' -x
complete -c wm-es -n '__fish_seen_subcommand_from prune' -l dry-run -d 'delete nothing'
complete -c wm-es -n '__fish_seen_subcommand_from prune' -l timeout -d 'give up if the server does not respond for TIME' -x
complete -c wm-es -n '__fish_seen_subcommand_from prune' -l config -d 'read settings from FILE (YAML)' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from prune' -l print-config -d 'print all settings and where they come from'
complete -c wm-es -n '__fish_seen_subcommand_from rejects' -l config -d 'read settings from FILE (YAML)' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from rejects' -l print-config -d 'print all settings and where they come from'
complete -c wm-es -n '__fish_seen_subcommand_from rejects' -F
complete -c wm-es -n '__fish_seen_subcommand_from cursor' -l es -d 'server URL' -x
complete -c wm-es -n '__fish_seen_subcommand_from cursor' -l user -d 'NAME of the user' -x
complete -c wm-es -n '__fish_seen_subcommand_from cursor' -l password-file -d 'read the user\'s password from FILE' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from cursor' -l api-key-file -d 'read the API key from FILE' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from cursor' -l ca -d 'also trust the certificates in FILE' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from cursor' -l fingerprint -d 'trust only the certificate with this SHA256' -x
complete -c wm-es -n '__fish_seen_subcommand_from cursor' -l cloud-id -d 'ID of an Elastic Cloud deployment' -x
complete -c wm-es -n '__fish_seen_subcommand_from cursor' -l insecure-tls -d 'trust any server'
complete -c wm-es -n '__fish_seen_subcommand_from cursor' -l index -d 'index name PATTERN' -x
complete -c wm-es -n '__fish_seen_subcommand_from cursor' -l back -d 'start TIME before the newest event' -x
complete -c wm-es -n '__fish_seen_subcommand_from cursor' -l timeout -d 'give up if the server does not respond for TIME' -x
complete -c wm-es -n '__fish_seen_subcommand_from cursor' -l config -d 'read settings from FILE (YAML)' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from cursor' -l print-config -d 'print all settings and where they come from'
complete -c wm-es -n '__fish_seen_subcommand_from check' -l es -d 'server URL' -x
complete -c wm-es -n '__fish_seen_subcommand_from check' -l user -d 'NAME of the user' -x
complete -c wm-es -n '__fish_seen_subcommand_from check' -l password-file -d 'read the user\'s password from FILE' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from check' -l api-key-file -d 'read the API key from FILE' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from check' -l ca -d 'also trust the certificates in FILE' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from check' -l fingerprint -d 'trust only the certificate with this SHA256' -x
complete -c wm-es -n '__fish_seen_subcommand_from check' -l cloud-id -d 'ID of an Elastic Cloud deployment' -x
complete -c wm-es -n '__fish_seen_subcommand_from check' -l insecure-tls -d 'trust any server'
complete -c wm-es -n '__fish_seen_subcommand_from check' -l index -d 'index name PATTERN' -x
complete -c wm-es -n '__fish_seen_subcommand_from check' -l max-age -d 'newest events older than TIME are bad' -x
complete -c wm-es -n '__fish_seen_subcommand_from check' -l timeout -d 'give up if the server does not respond for TIME' -x
complete -c wm-es -n '__fish_seen_subcommand_from check' -l config -d 'read settings from FILE (YAML)' -r -F
complete -c wm-es -n '__fish_seen_subcommand_from check' -l print-config -d 'print all settings and where they come from'
