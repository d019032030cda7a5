#!/bin/sh
# pkgconfig.sh SOURCE OUTPUT CC [FLAG...]: builds against the installed tree as a Makefile would.
set -e
source=$1 output=$2 cc=$3
shift 3
# shellcheck disable=SC2046
"$cc" -std=c11 "$@" "$source" -o "$output" $(pkg-config --cflags --libs --static stream)
