# One target a layer. t9_layer(<name> <files> DEPENDS <layers>) sees only the public headers and src/.
function(t9_layer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(t9_${name} OBJECT ${ARG_SOURCES})
  target_include_directories(t9_${name} PUBLIC ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(t9_${name} PUBLIC t9_flags ${ARG_DEPENDS})
endfunction()

# t9_package(<name> [CXX <files>] [LIBRARIES <targets>]): the C++ part of a package, linked into th and
# preloaded as lib<name>. Lua files need no mention: they are all embedded.
function(t9_package name)
  cmake_parse_arguments(ARG "" "" "CXX;LIBRARIES" ${ARGN})
  if(ARG_CXX)
    list(TRANSFORM ARG_CXX PREPEND ${CMAKE_SOURCE_DIR}/packages/${name}/)
    add_library(t9_package_${name} OBJECT ${ARG_CXX})
    target_include_directories(t9_package_${name} PRIVATE ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(t9_package_${name} PUBLIC t9_flags luajit ${ARG_LIBRARIES})
    set_property(GLOBAL APPEND PROPERTY T9_PACKAGES ${name})
  endif()
endfunction()
