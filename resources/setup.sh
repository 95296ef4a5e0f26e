# SPDX-License-Identifier: GPL-3.0-or-later
# The part that ./run and ./check share: packages, LibTorch, build. Sourced by bash; every message goes to stderr.
# Needs: root (the project's folder). Honours: CMAKE_PREFIX_PATH, SHARPSCAPE_GUI=OFF, SHARPSCAPE_FULL_TORCH=1,
# SHARPSCAPE_SKIP_PACKAGES=1, SHARPSCAPE_JOBS=N, and what pip, apt and CMake read themselves.
set -u
deps=$root/.deps
log=$deps/setup.log
gui=${SHARPSCAPE_GUI:-ON}
case $gui in OFF|off|0|NO|no|FALSE|false) gui=OFF ;; *) gui=ON ;; esac

say() { printf '%s\n' "$*" >&2; }
fail() { printf 'sharpscape: %s\n' "$*" >&2; exit 1; }
trap 'say "sharpscape: stopped; running this again continues where it was"; exit 130' INT TERM

torch_version=2.11.0
torch_package=torch==$torch_version
plotly_version=7.1.0  # holds plotly.js 4.1.1
# What libtorch_cpu.so itself needs to load, and what libtorch_cuda.so needs besides; the versions are those torch 2.11.0 was built with.
lean_packages="nvidia-cuda-runtime==13.0.96 nvidia-cuda-cupti==13.0.85"
full_packages="$lean_packages nvidia-cublas==13.1.0.3 nvidia-cuda-nvrtc==13.0.88 nvidia-nvtx==13.0.85 nvidia-cufft==12.0.0.61
  nvidia-cufile==1.15.1.6 nvidia-curand==10.4.0.35 nvidia-cusolver==12.0.4.66 nvidia-cusparse==12.6.3.3 nvidia-nvjitlink==13.0.88
  nvidia-cudnn-cu13==9.19.0.56 nvidia-cusparselt-cu13==0.8.0 nvidia-nccl-cu13==2.28.9 nvidia-nvshmem-cu13==3.4.5"

# Free space in MiB where a folder is or will be.
free_mib() { df -Pm -- "$1" 2>/dev/null | awk 'NR == 2 { print $4 }'; }

need_space() {  # FOLDER MIB WHAT
  local free
  free=$(free_mib "$1")
  [ -z "$free" ] || [ "$free" -ge "$2" ] ||
    fail "$3 needs about $2 MiB in $1, and $free MiB are free there; make room and run this again"
}

# ---- packages -------------------------------------------------------------------------------------------------------

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

wanted_packages() {  # run|check
  echo build-essential cmake ninja-build ccache pkg-config libcairo2-dev libeigen3-dev libcli11-dev nlohmann-json3-dev libfmt-dev \
    libxxhash-dev zlib1g-dev libhdf5-dev libcurl4-openssl-dev libssl-dev ca-certificates libgtest-dev fonts-dejavu-core
  [ -n "$own_torch" ] || echo python3 python3-pip
  [ "$gui" = OFF ] || echo qt6-base-dev qt6-charts-dev qt6-svg-dev libqt6opengl6-dev libvtk9-dev libgl1-mesa-dri
  if [ "$1" = check ] && [ "$gui" = ON ]; then echo xvfb xauth; fi
}

install_packages() {  # run|check
  [ "${SHARPSCAPE_SKIP_PACKAGES:-}" != 1 ] || return 0
  command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
    fail "the set-up installs packages on Debian and Ubuntu only; elsewhere install what README.md lists under 'Dependencies' and set SHARPSCAPE_SKIP_PACKAGES=1"
  local missing="" package as_root=""
  for package in $(wanted_packages "$1"); do
    installed "$package" || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [ -t 0 ] && [ -t 2 ] && sudo -v; }; }; then
      as_root="sudo"
    else
      say "These packages are missing and you may not install them. Give an administrator this line, then run this again:"
      say "  apt-get update && apt-get install -y --no-install-recommends$missing"
      exit 1
    fi
  fi
  need_space /usr 3000 "installing the packages"
  say "Installing packages:$missing"
  mkdir -p "$deps"
  apt_get() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" >>"$log" 2>&1 </dev/null; }
  # A broken or interrupted dpkg is put in order first; sources that cannot be reached show when the install fails.
  $as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure -a >>"$log" 2>&1 </dev/null
  apt_get install -f -y
  apt_get update
  # shellcheck disable=SC2086
  apt_get install -y --no-install-recommends $missing && return 0
  package=$(sed -n 's/^E: Unable to locate package //p' "$log" | tail -n 1)
  [ -z "$package" ] ||
    fail "this distribution has no package '$package' (Debian 12 or newer, Ubuntu 24.04 or newer are supported), or its package lists could not be fetched; details in .deps/setup.log"
  fail "the packages could not be installed: is there a network? Details in .deps/setup.log; running this again continues"
}

check_tools() {
  local version
  command -v cmake >/dev/null && command -v ninja >/dev/null || fail "cmake and ninja are needed to build and were not found"
  version=$(cmake --version | sed -n 's/^cmake version \([0-9]*\.[0-9]*\).*/\1/p')
  [ "$(printf '%s\n3.25\n' "$version" | sort -V | head -n 1)" = 3.25 ] ||
    fail "CMake 3.25 or newer is needed and this machine has $version (Debian 12 or newer, Ubuntu 24.04 or newer are supported)"
}

# ---- LibTorch -------------------------------------------------------------------------------------------------------

# A LibTorch of the user's own: a folder of CMAKE_PREFIX_PATH (or its share/cmake) that holds torch/torch.h.
find_own_torch() {
  local prefix folder
  local IFS=':;'
  for prefix in ${CMAKE_PREFIX_PATH:-}; do
    for folder in "$prefix" "$prefix/../.." "$prefix/torch"; do
      if [ -f "$folder/include/torch/csrc/api/include/torch/torch.h" ] && [ -e "$folder/lib/libtorch_cpu.so" ]; then
        (cd -- "$folder" && pwd -P)
        return
      fi
    done
  done
}

has_nvidia_driver() {
  [ -e /proc/driver/nvidia/version ] || command -v nvidia-smi >/dev/null || ldconfig -p 2>/dev/null | grep -q 'libcuda\.so\.1'
}

# pip into a temporary folder, then each top-level entry is renamed into place and the stamp is written last: whatever
# is interrupted before that is done again, and what has its stamp is not.
pip_component() {  # STAMP WHAT PACKAGES...
  local stamp=$1 what=$2 entry
  shift 2
  say "Fetching $what"
  rm -rf "$deps/partial" "$deps/tmp"
  mkdir -p "$deps/partial" "$deps/tmp" "$deps/python"
  TMPDIR="$deps/tmp" PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --no-input \
    --no-deps --no-compile --target "$deps/partial" "$@" >>"$log" 2>&1 </dev/null ||
    fail "$what could not be fetched from the Python package index: is there a network? Details in .deps/setup.log; running this again continues"
  for entry in "$deps/partial"/*; do
    rm -rf "$deps/python/${entry##*/}"
    mv "$entry" "$deps/python/" || fail "$what could not be put into .deps/python"
  done
  rm -rf "$deps/partial" "$deps/tmp"
  echo "$*" >"$deps/.stamp" && mv "$deps/.stamp" "$stamp"
}

install_torch() {
  local kind=lean packages=$lean_packages need=2600
  [ -z "$own_torch" ] || return 0
  if [ "${SHARPSCAPE_FULL_TORCH:-}" = 1 ] || has_nvidia_driver; then kind=full packages=$full_packages need=8500; fi
  local torch_stamp=$deps/torch.$torch_version libraries_stamp=$deps/cuda-libraries.$kind
  [ ! -e "$deps/cuda-libraries.full" ] || libraries_stamp=$deps/cuda-libraries.full
  [ ! -e "$torch_stamp" ] || [ ! -e "$libraries_stamp" ] || return 0
  [ "$(uname -m)" = x86_64 ] || fail "LibTorch is fetched for x86_64 only and this machine is $(uname -m); name your own in CMAKE_PREFIX_PATH"
  command -v python3 >/dev/null && python3 -m pip --version >/dev/null 2>&1 || fail "python3 with pip is needed to fetch LibTorch and was not found"
  mkdir -p "$deps"
  if [ ! -e "$torch_stamp" ]; then
    need_space "$deps" "$need" "LibTorch"
    pip_component "$torch_stamp" "LibTorch $torch_version (530 MB)" "$torch_package"
  fi
  # shellcheck disable=SC2086
  [ -e "$libraries_stamp" ] || pip_component "$libraries_stamp" "the CUDA libraries LibTorch links to ($kind)" $packages
}

# ---- plotly.js --------------------------------------------------------------------------------------------------------

# One script out of the Python package (10 MB to fetch, 5 MB kept), built into the program for report.html. Nothing stops without it: the report then has
# still pictures only, and the next set-up tries again.
install_plotly() {
  local folder=$deps/plotly stamp=$deps/plotly.$plotly_version
  [ ! -e "$stamp" ] || return 0
  command -v python3 >/dev/null && python3 -m pip --version >/dev/null 2>&1 || { say "Without python3 and pip there is no plotly.js: report.html will have still pictures"; return 0; }
  say "Fetching plotly.js (10 MB)"
  rm -rf "$deps/partial" "$deps/tmp"
  mkdir -p "$deps/partial" "$deps/tmp" "$folder"
  if TMPDIR="$deps/tmp" PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --no-input --no-deps --no-compile --retries 1 --timeout 15 \
      --target "$deps/partial" "plotly==$plotly_version" >>"$log" 2>&1 </dev/null &&
    cp "$deps/partial/plotly-$plotly_version.dist-info"/licenses/* "$folder/" && mv "$deps/partial/plotly/package_data/plotly.min.js" "$folder/"; then
    echo "$plotly_version" >"$deps/.stamp" && mv "$deps/.stamp" "$stamp"
  else
    say "plotly.js could not be fetched from the Python package index: report.html will have still pictures; the next run tries again (details in .deps/setup.log)"
  fi
  rm -rf "$deps/partial" "$deps/tmp"
}

# ---- build ----------------------------------------------------------------------------------------------------------

# Compilers here take up to 1.5 GB each: as many as there are cores, and memory for.
build_jobs() {
  local cores memory limit
  cores=$(nproc)
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
  limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null)
  case $limit in ''|max) ;; *) [ $((limit / 1048576)) -ge "$memory" ] || memory=$((limit / 1048576)) ;; esac
  memory=$((memory / 1500))
  [ "$memory" -ge 1 ] || memory=1
  echo "${SHARPSCAPE_JOBS:-$((memory < cores ? memory : cores))}"
}

build() {  # PRESET [TARGETS...]; returns non-zero when something does not configure or compile
  local preset=$1 folder=$root/build/$1 key
  shift
  key="torch=${own_torch:-$deps/python/torch} plotly=$(cat "$deps/plotly.$plotly_version" 2>/dev/null)"
  if [ ! -e "$folder/build.ninja" ] || [ "$(cat "$folder/.configured" 2>/dev/null)" != "$key" ]; then
    check_tools
    mkdir -p "$folder"
    need_space "$folder" 1500 "building"
    say "Configuring build/$preset"
    (cd "$root" && cmake --preset "$preset" -DTORCH_ROOT="${own_torch:-$deps/python/torch}") >"$folder/configure.log" 2>&1 || {
      grep -A4 'CMake Error' "$folder/configure.log" >&2
      say "sharpscape: the build could not be configured; details in build/$preset/configure.log"
      return 1
    }
    echo "$key" >"$folder/.configured"
  fi
  case $(ninja -C "$folder" -n "$@" 2>&1) in *'no work to do'*) return 0 ;; esac
  say "Building build/$preset (minutes the first time)"
  # A terminal sees ninja's own line; elsewhere it goes to a file.
  if [ -t 2 ]; then
    ninja -C "$folder" -j "$(build_jobs)" "$@" >&2
  else
    ninja -C "$folder" -j "$(build_jobs)" "$@" >"$folder/build.log" 2>&1 ||
      { grep -E -A12 '^FAILED|error:' "$folder/build.log" | head -n 60 >&2; false; }
  fi || { say "sharpscape: the build in build/$preset failed"; return 1; }
}

# One set-up at a time in this folder; unlock before the program or the tests start.
lock() {
  mkdir -p "$deps" 2>/dev/null && exec 9>"$deps/.lock" || return 0
  flock -n 9 || { say "Another set-up is at work in this folder; waiting for it"; flock 9; }
}
unlock() { exec 9>&-; }

prepare() {  # run|check
  lock
  own_torch=$(find_own_torch)
  install_packages "$1"
  install_torch
  install_plotly
}
