t9_package(sys CXX src/sys.cpp)
