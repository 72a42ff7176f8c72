t9_package(nngraph)
