t9_package(dok)
