t9_package(trepl)
