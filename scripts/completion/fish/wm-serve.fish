# Completion of wm-serve for fish. Made by scripts/generate from the flags of the program; do not edit.

complete -c wm-serve -f
complete -c wm-serve -l es -d 'server URL' -x
complete -c wm-serve -l user -d 'NAME of the user' -x
complete -c wm-serve -l password-file -d 'read the user\'s password from FILE' -r -F
complete -c wm-serve -l api-key-file -d 'read the API key from FILE' -r -F
complete -c wm-serve -l ca -d 'also trust the certificates in FILE' -r -F
complete -c wm-serve -l fingerprint -d 'trust only the certificate with this SHA256' -x
complete -c wm-serve -l cloud-id -d 'ID of an Elastic Cloud deployment' -x
complete -c wm-serve -l insecure-tls -d 'trust any server'
complete -c wm-serve -l index -d 'PATTERN of the indices that wm-es writes' -x
complete -c wm-serve -l listen -d 'ADDRESS of the page; port 0 takes a free one' -x
complete -c wm-serve -l views -d 'offer the named views in FILE, in YAML' -r -F
complete -c wm-serve -l users -d 'admit the users in FILE: lines NAME:BCRYPT-HASH' -r -F
complete -c wm-serve -l hosts -d 'also answer to these host NAMES, separated by commas' -x
complete -c wm-serve -l public-url -d 'the proxy serves the page at URL, such as https://tools.example/wm/' -x
complete -c wm-serve -l behind-proxy -d 'trust X-Forwarded-For for limits by client'
complete -c wm-serve -l title -d 'TEXT at the top of the page' -x
complete -c wm-serve -l metrics -d 'serve /metrics and /healthz at ADDRESS' -x
complete -c wm-serve -s q -d 'quiet: no messages'
complete -c wm-serve -l config -d 'read settings from FILE (YAML)' -r -F
complete -c wm-serve -l print-config -d 'print all settings and where they come from'
complete -c wm-serve -l version -d 'print the version'
complete -c wm-serve -l help -s h -d 'print a short help'
