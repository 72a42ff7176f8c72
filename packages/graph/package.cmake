t9_package(graph)
