#!/usr/bin/env bash
# A session with the server in a headless Neovim.
#
#   FILE=hosts/web.nix LINE=8 COL=20 EXPECT_FILE=hosts/db.nix EXPECT_LINE=5 editors/nvim/test/run.sh SERVER FLEET_DIR
#
# SERVER is the server's program (`--stdio` is added), or a command line with arguments of its own. Prints `ok` and
# `not ok` lines; exit status 0: all ok, or no Neovim here; 1: something failed; 2: bad arguments; 124: out of time.
#
# Files are relative to FLEET_DIR; lines and columns are 1-based, columns count characters. Each check is made where its
# variable is set.
#
#   FILE                     the file to open (required)
#   EXPECT_DIAGNOSTIC        a diagnostic that must come: its code, or a part of its message
#   LINE, COL                the place to ask for the definition
#   EXPECT_LINE              the line where the cursor must land; also EXPECT_COL
#   EXPECT_FILE              and the file; default: FILE
#   EDIT_LINE, EDIT_TEXT     replaces this line by this text; \n in it makes several lines
#   EXPECT_AFTER_DIAGNOSTIC  a diagnostic that must come after the edit
#   EXPECT_GONE_DIAGNOSTIC   a diagnostic that must go away
#   EXPECT_AFTER_LINE        where the definition must be after the edit; also EXPECT_AFTER_COL
#   EXPECT_AFTER_FILE        default: EXPECT_FILE
#   AFTER_LINE, AFTER_COL    the place to ask after the edit; default: LINE, moved with the edit, and COL
#   SETTINGS                 the server's settings as JSON
#   STRICT=1                 the first answer must be right, not one of the first
#   FORM                     setup: require('nixscope').setup (default); lsp: vim.lsp.enable, Neovim 0.11 and later;
#                            lspconfig: nvim-lspconfig, whose directory is in LSPCONFIG
#   NVIM                     the Neovim to start; default: nvim
#   WAIT, TIMEOUT            seconds for one check (15), and for everything (120)
set -u

usage() {
  echo "usage: FILE=… [LINE=… COL=… EXPECT_LINE=… …] $0 SERVER FLEET_DIR" >&2
  exit 2
}

[ $# -eq 2 ] || usage
[ -n "${FILE:-}" ] || usage
[ -d "$2" ] || { echo "$0: $2: no such directory" >&2; exit 2; }

nvim=${NVIM:-nvim}
command -v "$nvim" >/dev/null || { echo "skipped: neovim is not installed"; exit 0; }

# A path without arguments must still be right in another directory.
read -r program arguments <<<"$1"
command -v "$program" >/dev/null || { echo "$0: $program: no such program" >&2; exit 2; }
case $program in
  */*) program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program") ;;
esac

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Nobody's own configuration, state or plugins.
export XDG_CONFIG_HOME=$scratch/config XDG_DATA_HOME=$scratch/data XDG_STATE_HOME=$scratch/state
export XDG_CACHE_HOME=$scratch/cache XDG_CONFIG_DIRS=$scratch XDG_DATA_DIRS=$scratch NVIM_LOG_FILE=$scratch/nvim.log
export SERVER="$program $arguments" FLEET=$2

session=(
  "$nvim" --headless --clean -n -i NONE
  --cmd "set runtimepath^=${here%/test}"
  --cmd "filetype plugin on"
)
if [ -n "${LSPCONFIG:-}" ]; then
  session+=(--cmd "set runtimepath+=$LSPCONFIG")
fi
# An error of the session itself must end Neovim too, which would wait for a user.
export SESSION=$here/session.lua
session+=(-c "lua local ok, why = xpcall(dofile, debug.traceback, vim.env.SESSION)
  if not ok then io.stdout:write('not ok - ' .. why .. '\\n') vim.cmd('cquit 1') end")

timeout --kill-after=5 "${TIMEOUT:-120}" "${session[@]}" </dev/null
status=$?
[ "$status" -ne 124 ] || echo "not ok - out of time after ${TIMEOUT:-120} seconds"
exit "$status"
