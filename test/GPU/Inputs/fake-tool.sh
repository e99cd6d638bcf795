#!/bin/sh
# Stands for a program of a CUDA toolkit: its output file says what it was asked.
if [ -n "$FAKE_FAILURE" ]; then
  echo "$FAKE_FAILURE" >&2
  exit 1
fi
previous=
for argument in "$@"; do
  case $previous in
  -o | --create) output=$argument ;;
  esac
  case $argument in
  --create=*) output=${argument#--create=} ;;
  esac
  previous=$argument
done
echo "${0##*/} $*" >"$output"
