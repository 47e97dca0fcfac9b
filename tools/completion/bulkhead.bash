# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Completion of `bulkhead` for bash: verbs, options, files, and the names of the cells there are.
# Works with and without the helpers of the package bash-completion.

# Names of cells, from the tool itself; nothing where it may not or cannot ask.
_bulkhead_cells() {
	"${COMP_WORDS[0]}" cell list --json 2>/dev/null |
		sed -n 's/^ *"name": "\([^"]*\)",*$/\1/p'
}

_bulkhead_words() {
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "${COMP_WORDS[COMP_CWORD]}")
}

_bulkhead_files() {
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
}

# How many words before this one are no options, from the word with that index on.
_bulkhead_arguments() {
	local i count=0

	for ((i = $1; i < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} == -* ]] || count=$((count + 1))
	done
	echo "$count"
}

_bulkhead_options() {
	case $1 in
	hardware) echo "--json --from --dump" ;;
	status) echo "--json --exits --faults --board" ;;
	console) echo "--follow --last" ;;
	disable) echo "--force" ;;
	"config create") echo "--name --output --proc" ;;
	"config check") echo "--image --live --proc" ;;
	"config show") echo "--json" ;;
	"config map") echo "--json --image" ;;
	"config compile") echo "--output" ;;
	"cell load") echo "--address --string" ;;
	"cell shutdown" | "cell destroy") echo "--timeout --force" ;;
	"cell list") echo "--json" ;;
	"cell show") echo "--json --registers" ;;
	"cell stats") echo "--interval --count --json" ;;
	"cell faults") echo "--all --follow --json" ;;
	"cell console") echo "--all --follow" ;;
	esac
}

_bulkhead_cell() {
	if [[ $1 == create ]]; then
		_bulkhead_files
	elif [[ $1 == list ]]; then
		COMPREPLY=()
	elif [[ $(_bulkhead_arguments 3) == 0 ]]; then
		_bulkhead_words "$(_bulkhead_cells)"
	elif [[ $1 == load || $1 == dump ]]; then
		_bulkhead_files
	fi
}

_bulkhead() {
	local word=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]}
	local verbs="hardware config enable disable cell status console help"
	local cell_verbs="create load start shutdown destroy list show stats faults console dump"

	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		_bulkhead_words "$verbs --help --version"
		return
	fi
	if [[ $verb == cell || $verb == config ]]; then
		if ((COMP_CWORD > 2)); then
			verb="$verb ${COMP_WORDS[2]}"
		elif [[ $verb == cell ]]; then
			_bulkhead_words "$cell_verbs"
			return
		else
			_bulkhead_words "create check show map compile"
			return
		fi
	fi
	if [[ $word == -* ]]; then
		_bulkhead_words "$(_bulkhead_options "$verb") --help"
		return
	fi
	case $verb in
	hardware) _bulkhead_words "check" ;;
	help) _bulkhead_words "$verbs" ;;
	cell\ *) _bulkhead_cell "${COMP_WORDS[2]}" ;;
	*) _bulkhead_files ;;
	esac
}

complete -F _bulkhead bulkhead
