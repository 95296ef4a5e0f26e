# SPDX-License-Identifier: GPL-3.0-or-later
# Our own kernels, where nvcc is. The rest of the program gets CUDA through LibTorch at run time and needs no toolkit.
set(SHARPSCAPE_HAS_NVCC OFF)
if(SHARPSCAPE_CUDA)
  include(CheckLanguage)
  check_language(CUDA)
  if(CMAKE_CUDA_COMPILER)
    if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES)
      set(CMAKE_CUDA_ARCHITECTURES 80-real 90)
    endif()
    set(CMAKE_CUDA_RUNTIME_LIBRARY Static)
    enable_language(CUDA)
    set(CMAKE_CUDA_STANDARD 17)  # CMake 3.25 does not know nvcc 13's flag for C++20
    set(SHARPSCAPE_HAS_NVCC ON)
    message(STATUS "CUDA kernels: compiled with ${CMAKE_CUDA_COMPILER} ${CMAKE_CUDA_COMPILER_VERSION}")
  else()
    message(STATUS "CUDA kernels: skipped, no nvcc found (their CPU twins are used)")
  endif()
endif()
