t9_package(nn)
