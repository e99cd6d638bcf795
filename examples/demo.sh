#!/usr/bin/env bash
# Shows batch norm and group norm from the op to the machine, and runs them on
# photographs. scripts/demo builds Norm and calls this.
# Usage: examples/demo.sh [--folder FOLDER] [--copies N]
#   --folder FOLDER  where arrays go; build/demo by default
#   --copies N       how often the photographs are repeated to measure the
#                    speed; 64 by default, which makes 177 MB
# shellcheck disable=SC2086 # several variables hold several words
set -euo pipefail
examples=$(cd "$(dirname "$0")" && pwd)
folder=$examples/../build/demo
copies=64

fail() {
  echo "demo: $*" >&2
  exit 1
}

while (($#)); do
  case $1 in
  --help)
    sed -n '2,/^# shellcheck/{/^# shellcheck/!s/^# \?//p}' "$0"
    exit
    ;;
  --folder | --copies)
    (($# > 1)) || fail "expected a value after $1"
    declare "${1#--}=$2"
    shift 2
    ;;
  *) fail "expected --folder, --copies or --help, but got $1" ;;
  esac
done
[[ $copies =~ ^[1-9][0-9]*$ ]] ||
  fail "expected --copies to be a number from 1 on, but got $copies"
for tool in norm-opt norm-run python3; do
  command -v $tool >/dev/null || fail "$tool not found on PATH; run scripts/demo"
done

photographs=$examples/photographs.npy
mkdir -p "$folder"
cd "$folder"
npy() { python3 "$examples/npy.py" "$@"; }

title() {
  echo
  printf '== %s\n' "$@"
}
# Shows lines of IR without indentation, cut to the width of a page.
telling() { sed -E 's/^ +//; s/ +$//; s/^(.{96}).{4,}$/\1 .../'; }

title 'The op as written, examples/group_norm.mlir'
sed -n '/^func/,$p' "$examples/group_norm.mlir"

title 'Stage 1: linalg on tensors. A parallel loop over samples; in it, loops over chunks' \
  'that stay in the cache'
norm-opt "$examples/group_norm.mlir" --norm-to-linalg-pipeline -o 1.mlir
grep -E 'scf\.(forall|for) |linalg\.generic.*"reduction"' 1.mlir | telling

title 'Stage 2: memory. The output is the only array that is allocated'
norm-opt 1.mlir --norm-bufferize-pipeline -o 2.mlir
grep -E 'memref\.alloc\(|scf\.(forall|for) ' 2.mlir | telling

title 'Stage 3: affine loops of vectors. The sum of squares, with four accumulators;' \
  'streaming stores of the output'
norm-opt 2.mlir --norm-vectorize-pipeline -o 3.mlir
grep -E -B4 -m1 'math\.fma.*%arg' 3.mlir | telling
echo '...'
grep -E -B3 -m1 'nontemporal' 3.mlir | telling

title 'Stage 4: OpenMP and the LLVM dialect'
norm-opt 3.mlir --norm-lower-to-llvm-pipeline -o 4.mlir
grep -E -m3 'omp\.(parallel|wsloop|loop_nest)' 4.mlir | telling
grep -E -m1 'llvm\.intr\.fma' 4.mlir | telling
grep -E -m1 'llvm\.store.*nontemporal' 4.mlir | telling

title 'Results on the 6 photographs, f32, against a float64 reference'
npy fill scale.npy 0.9 1 1.1
npy fill bias.npy 0.1 0 -0.1
npy fill mean.npy 0 0 0
npy fill variance.npy 1 1 1
declare -A inputs outputs
inputs[copy]=
inputs[group_norm]='--input scale.npy --input bias.npy'
inputs[batch_norm_training]="${inputs[group_norm]} --input mean.npy --input variance.npy"
outputs[group_norm]='y'
outputs[batch_norm_training]='y running-mean running-variance'

for name in batch_norm_training group_norm; do
  expected=() results=() compared=()
  for output in ${outputs[$name]}; do
    expected+=(--output "$output.f64.npy")
    compared+=(--compare "$output.f64.npy")
    results+=(--output "$output.npy")
  done
  norm-run "$examples/$name.mlir" --input "$photographs" ${inputs[$name]} \
    --target=reference --unrounded "${expected[@]}"
  norm-run "$examples/$name.mlir" --input "$photographs" ${inputs[$name]} \
    "${results[@]}" "${compared[@]}" --atol=1e-5 >errors
  line=1
  for output in ${outputs[$name]}; do
    printf '%-20s %-17s %5.2f ulp, absolute %s\n' $name $output \
      "$(npy error $output.npy $output.f64.npy)" \
      "$(sed -nE "${line}s/.* ([^ ]+) absolute.*/\1/p" errors)"
    line=$((line + 1))
  done
done
echo 'ulp: units in the last place of f32; of a number below 1, those of 1.'

title 'Statistics over devices: each of 3 processes has 2 photographs. What the first one' \
  'of them gets, against the reference on all 6'
mpi=$(command -v mpirun.mpich || command -v mpirun) ||
  fail 'mpirun not found on PATH; run scripts/demo'
results=()
for output in part running-mean-of-all running-variance-of-all; do
  results+=(--output "$output.npy")
done
"$mpi" -n 3 norm-run "$examples/devices.mlir" --input "$photographs" --shard=0:0 \
  ${inputs[batch_norm_training]} "${results[@]}"
for output in running-mean running-variance; do
  printf '%-20s %-17s %5.2f ulp%s\n' batch_norm_training $output \
    "$(npy error $output-of-all.0.npy $output.f64.npy)" \
    "$(cmp -s $output-of-all.0.npy $output-of-all.2.npy && echo ', the last one the same bits')"
done

title "Speed on all $(nproc) cores, on the photographs repeated $copies times"
npy repeat "$photographs" batch.npy "$copies"
declare -A times
for _ in 1 2 3; do
  for name in copy batch_norm_training group_norm; do
    ms=$(norm-run "$examples/$name.mlir" --input batch.npy ${inputs[$name]} --time |
      sed -nE 's/^run: .*: ([0-9.]+) ms, .*/\1/p')
    times[$name]=$(printf '%s\n' $ms ${times[$name]-} | sort -g | head -1)
  done
done
bytes=$(($(stat -c %s batch.npy) * 2))
for name in copy batch_norm_training group_norm; do
  awk -v name=$name -v ms="${times[$name]}" -v copy="${times[copy]}" -v bytes=$bytes '
    BEGIN { printf "%-20s %9.2f ms  %7.1f GB/s  %4.0f %% of the streaming copy\n",
                   name, ms, bytes / ms * 1e-6, 100 * copy / ms }'
done
echo 'Bytes are the input read once and the output written once.'
