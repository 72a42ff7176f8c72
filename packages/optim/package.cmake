t9_package(optim)
