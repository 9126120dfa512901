# bash completion of appliancectl: it knows its own words. Installed as /usr/share/bash-completion/completions/appliancectl.
_appliancectl() {
  local IFS=$'\n' word=${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "$word"))
}
complete -F _appliancectl appliancectl
