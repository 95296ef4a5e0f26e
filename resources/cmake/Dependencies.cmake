# SPDX-License-Identifier: GPL-3.0-or-later
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(CURL 7.87 REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(Eigen3 REQUIRED NO_MODULE)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(CAIRO REQUIRED IMPORTED_TARGET cairo cairo-svg cairo-pdf)
find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)
add_library(xxhash INTERFACE)
target_include_directories(xxhash SYSTEM INTERFACE ${XXHASH_INCLUDE_DIR})
target_compile_definitions(xxhash INTERFACE XXH_INLINE_ALL)

# HDF5 is an option. The serial library, and the one that VTK's own modules would link (VTK::hdf5 names the same imported target).
if(SHARPSCAPE_HDF5)
  set(HDF5_PREFER_PARALLEL OFF)
  find_package(HDF5 COMPONENTS C)
  if(NOT HDF5_FOUND)
    message(STATUS "HDF5 was not found: .h5 files are neither written nor read (libhdf5-dev)")
  endif()
endif()

# LibTorch: headers, libtorch_cpu and libc10 only. libtorch_cuda is opened at run time where a driver is found, so that one
# binary serves both kinds of machine and no CUDA toolkit is needed to build. A folder of one's own: -DCMAKE_PREFIX_PATH=/path/to/libtorch.
file(TO_CMAKE_PATH "$ENV{CMAKE_PREFIX_PATH}" torch_hints)
set(torch_hints ${CMAKE_PREFIX_PATH} ${torch_hints})
list(TRANSFORM torch_hints APPEND /../.. OUTPUT_VARIABLE torch_hints_share)  # what torch.utils.cmake_prefix_path names
find_path(TORCH_ROOT include/torch/csrc/api/include/torch/torch.h
  HINTS ${torch_hints} ${torch_hints_share} PATHS ${PROJECT_SOURCE_DIR}/.deps/python/torch REQUIRED
  DOC "LibTorch's root folder (holds include/ and lib/)")
message(STATUS "LibTorch: ${TORCH_ROOT}")
add_library(libtorch INTERFACE)
target_include_directories(libtorch SYSTEM INTERFACE ${TORCH_ROOT}/include ${TORCH_ROOT}/include/torch/csrc/api/include)
target_link_libraries(libtorch INTERFACE ${TORCH_ROOT}/lib/libtorch_cpu.so ${TORCH_ROOT}/lib/libc10.so Threads::Threads)
target_link_options(libtorch INTERFACE -Wl,--allow-shlib-undefined)
target_compile_definitions(libtorch INTERFACE _GLIBCXX_USE_CXX11_ABI=1)

# What makes report.html interactive: one file of the Python package plotly. Optional.
find_file(PLOTLY_SCRIPT plotly.min.js PATHS ${PROJECT_SOURCE_DIR}/.deps/plotly NO_DEFAULT_PATH DOC "plotly.min.js, built into the program for report.html")
if(PLOTLY_SCRIPT)
  message(STATUS "plotly.js: ${PLOTLY_SCRIPT}")
else()
  message(STATUS "plotly.js: not found, report.html will have still pictures only")
endif()

if(SHARPSCAPE_GUI)
  find_package(Qt6 REQUIRED COMPONENTS Widgets Charts Concurrent OpenGLWidgets Svg PrintSupport)
  find_package(VTK REQUIRED COMPONENTS CommonCore CommonDataModel CommonExecutionModel FiltersCore FiltersSources FiltersGeneral
    RenderingCore RenderingOpenGL2 RenderingFreeType InteractionStyle IOImage)
endif()
if(SHARPSCAPE_TESTS)
  find_package(GTest REQUIRED)
  if(SHARPSCAPE_GUI)
    find_package(Qt6 REQUIRED COMPONENTS Test)
  endif()
endif()
