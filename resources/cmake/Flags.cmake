# SPDX-License-Identifier: GPL-3.0-or-later
# One interface library carries every flag of ours; third-party headers come in as SYSTEM.
add_library(sharpscape_flags INTERFACE)
target_compile_features(sharpscape_flags INTERFACE cxx_std_20)
set(CMAKE_CXX_EXTENSIONS OFF)
target_include_directories(sharpscape_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(sharpscape_flags INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wshadow;-Wnon-virtual-dtor;-Woverloaded-virtual>
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<BOOL:${SHARPSCAPE_WERROR}>>:-Werror>)
# The same expression gives the same bits in every build: no fused multiply-add behind our back.
target_compile_options(sharpscape_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-ffp-contract=off>)
# By hand and the same for libraries and programs, so that they share one precompiled header.
target_compile_options(sharpscape_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fPIC> $<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=-fPIC>)
if(SHARPSCAPE_SANITIZE)
  target_compile_options(sharpscape_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fsanitize=${SHARPSCAPE_SANITIZE};-fno-omit-frame-pointer>)
  target_link_options(sharpscape_flags INTERFACE -fsanitize=${SHARPSCAPE_SANITIZE})
endif()

find_program(LLD_PROGRAM ld.lld)
if(LLD_PROGRAM AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_link_options(sharpscape_flags INTERFACE -fuse-ld=lld)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} ${CCACHE_PROGRAM})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CUDA_COMPILER_LAUNCHER ${launcher})
endif()
