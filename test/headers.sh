#!/bin/sh
# headers.sh SOURCE_DIR: compiles every public header of the C library by itself.
cd "$1/include" || exit 2
bad=0
for header in $(find stream -name '*.h' | sort); do
    echo "#include \"$header\"" | cc -std=c11 -Wall -Wextra -Werror -I. -fsyntax-only -x c - || bad=1
    echo "#include \"$header\"" | clang++ -std=c++17 -Wall -Wextra -Werror -I. -fsyntax-only -x c++ - || bad=1
done
exit $bad
