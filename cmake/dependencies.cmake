# Outside libraries, all from the distribution's packages.
set(T9_LUAJIT ${CMAKE_SOURCE_DIR}/.deps/luajit CACHE PATH "LuaJIT as tools/setup_luajit builds it")
add_library(luajit INTERFACE)
if(EXISTS ${T9_LUAJIT}/lib/libluajit.a)
  target_include_directories(luajit SYSTEM INTERFACE ${T9_LUAJIT}/include)
  target_link_libraries(luajit INTERFACE ${T9_LUAJIT}/lib/libluajit.a m dl)
else()
  message(STATUS "No LuaJIT in ${T9_LUAJIT}: using the packaged one, without Lua 5.2 compatibility (#table, pairs metamethods)")
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(PACKAGED_LUAJIT REQUIRED IMPORTED_TARGET luajit)
  target_link_libraries(luajit INTERFACE PkgConfig::PACKAGED_LUAJIT m dl)
endif()

# One OpenMP runtime for every compiler (see src/base/threads.h).
find_library(T9_GOMP NAMES gomp libgomp.so.1 REQUIRED)

find_package(Threads REQUIRED)
find_library(T9_HWY NAMES hwy REQUIRED)
find_path(T9_HWY_INCLUDE hwy/highway.h REQUIRED)
add_library(highway INTERFACE)
target_include_directories(highway SYSTEM INTERFACE ${T9_HWY_INCLUDE})
target_link_libraries(highway INTERFACE ${T9_HWY})

# OpenBLAS is loaded at its first use (src/ops/blas_library.cpp): only its path is needed here.
find_library(T9_OPENBLAS NAMES libopenblas.so.0
  PATHS /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE} PATH_SUFFIXES openblas-openmp)
if(NOT T9_OPENBLAS)
  message(STATUS "No OpenMP build of OpenBLAS (package libopenblas0-openmp): matrix functions will look for libopenblas.so.0")
  set(T9_OPENBLAS libopenblas.so.0)
endif()
