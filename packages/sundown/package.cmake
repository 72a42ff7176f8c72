t9_package(sundown)
