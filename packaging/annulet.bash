# bash completion of annulet: its commands, their options, and files where a file is meant. It asks
# the program itself (--help), so that it knows just what the program at hand knows.

# One list of the help in $1, that under the heading $2: names and types, without descriptions.
_annulet_list() {
  local line inside=
  while IFS= read -r line; do
    if [[ $line == "$2:" ]]; then
      inside=1
    elif [[ $line == "" ]]; then
      inside=
    elif [[ $inside && $line == "  "[![:space:]]* ]]; then  # others are an option's second line
      line=${line#  }
      printf '%s\n' "${line%%  *}"
    fi
  done <<<"$1"
}

# Completes a value by its type, the word behind the option's or the argument's name.
_annulet_value() {
  local type=${1%%=*} word=$2
  case $type in
    DIR) mapfile -t COMPREPLY < <(compgen -d -- "$word") ;;
    PATH | FILE | LOG | MODEL | DATA | RUN) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    *) return ;;
  esac
  # Not there when a script calls this; a folder then has no slash behind it.
  compopt -o filenames 2>/dev/null
}

_annulet() {
  local program=${1/#\~/$HOME} word=${COMP_WORDS[COMP_CWORD]} last=$((COMP_CWORD - 1))
  local command=() help commands i
  COMPREPLY=()
  help=$("$program" --help 2>/dev/null) || return
  for ((i = 1; i < COMP_CWORD; ++i)); do
    commands=$(_annulet_list "$help" Subcommands)
    [[ -n $commands ]] || break
    [[ $'\n'$commands$'\n' == *$'\n'"${COMP_WORDS[i]}"$'\n'* ]] || return  # no command of that name
    command+=("${COMP_WORDS[i]}")
    help=$("$program" "${command[@]}" --help 2>/dev/null) || return
  done

  local options names kind rest
  options=$(_annulet_list "$help" Options)
  commands=$(_annulet_list "$help" Subcommands)
  # "=" is a word of its own to bash: --out=DIR are three.
  if [[ $word == "=" ]]; then word=; elif [[ ${COMP_WORDS[last]} == "=" ]]; then last=$((last - 1)); fi
  while read -r names kind rest; do
    [[ $last -gt ${#command[@]} && ",$names," == *",${COMP_WORDS[last]},"* ]] || continue
    # A flag has no type, and says nothing of the word behind it.
    if [[ $kind =~ ^[A-Z][A-Z,:]*(=|$) ]]; then _annulet_value "$kind" "$word"; return; fi
  done <<<"$options"

  if [[ $word == -* ]]; then
    names=$(while read -r names rest; do printf '%s\n' "${names//,/$'\n'}"; done <<<"$options")
    mapfile -t COMPREPLY < <(compgen -W "$names" -- "$word")
  elif [[ -n $commands ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
  else
    while read -r names kind rest; do
      _annulet_value "$kind" "$word"
      if [[ ${#COMPREPLY[@]} -gt 0 ]]; then return; fi
    done < <(_annulet_list "$help" Arguments)
  fi
}
complete -F _annulet annulet
