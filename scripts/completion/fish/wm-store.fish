# Completion of wm-store for fish. Made by scripts/generate from the flags of the program; do not edit.

complete -c wm-store -f
complete -c wm-store -l data -d 'DIR that holds everything; made if need be' -r -F
complete -c wm-store -l listen -d 'ADDRESS to listen on; port 0 takes a free one' -x
complete -c wm-store -s q -d 'quiet: no messages'
complete -c wm-store -l config -d 'read settings from FILE (YAML)' -r -F
complete -c wm-store -l print-config -d 'print all settings and where they come from'
complete -c wm-store -l version -d 'print the version'
complete -c wm-store -l help -s h -d 'print a short help'
