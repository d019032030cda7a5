#!/bin/sh
# boundaries.sh SOURCE_DIR: fails, naming the line, when a file includes what it must not.
cd "$1" || exit 2
bad=0

# forbid PATTERN WHERE... [-- EXCEPT]: no include that matches PATTERN below WHERE, but in EXCEPT.
forbid() {
    pattern=$1 except=$2
    shift 2
    found=$(grep -rnE "#include $pattern" "$@" 2>/dev/null | grep -vE "^($except):")
    if [ -n "$found" ]; then
        echo "must not include $pattern:" && echo "$found" && bad=1
    fi
}

forbid '.mlir' 'none' lib include/stream
forbid '.llvm' 'none' lib include/stream
forbid '<yaml\.h' 'lib/import/yaml\.c' lib include passes dialects tools
forbid '.onnx\.pb-c\.h' 'lib/import/onnx[a-z_]*\.[ch]' lib include passes dialects tools
forbid '.perfetto\.pb-c\.h' 'lib/export/perfetto_writer\.c' lib include passes dialects tools
forbid '.lp_lib\.h' 'lib/milp/solve_lpsolve\.c' lib include passes dialects tools
forbid '.mlir/' '[A-Za-z/-]*\.cpp|dialects/stream/StreamDialect\.h' passes dialects tools

# module MODULE ALLOWED: what lib/MODULE and include/stream/MODULE may include of ours.
module() {
    found=$(grep -rnE '#include "stream/' "lib/$1" "include/stream/$1" 2>/dev/null |
        grep -vE "\"stream/($1|$2)/")
    if [ -n "$found" ]; then
        echo "module $1 may only include $2:" && echo "$found" && bad=1
    fi
}
module support support
module workload support
module hardware support
module plan 'support|workload|hardware'
module tile 'support|workload|hardware|plan'
module cost 'support|workload|hardware'
module schedule 'support|workload|hardware|plan|tile'
module check 'support|workload|hardware|tile|schedule'
module allocate 'support|workload|hardware|plan|tile|cost|schedule'
module import 'support|workload|hardware|plan|cost'
module export 'support|workload|hardware|plan|tile|cost|schedule'
# The checker reads the schedule's structs, and calls nothing of the scheduler.
if grep -rnE 'stream_(schedule|evaluate|routes_between)_[a-z]+\(' lib/check | grep -v 'stream_check'; then
    echo "lib/check must not call the scheduler" && bad=1
fi
exit $bad
