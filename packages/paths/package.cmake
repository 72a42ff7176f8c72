t9_package(paths CXX src/paths.cpp)
