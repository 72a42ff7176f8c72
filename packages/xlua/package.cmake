t9_package(xlua)
