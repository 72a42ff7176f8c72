# Compiles every Lua file and document of the packages into one object: bytecode for Lua, text for docs.
function(t9_embed target)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
    ${CMAKE_SOURCE_DIR}/packages/*.lua ${CMAKE_SOURCE_DIR}/packages/*.md)
  set(absolute ${files})
  list(TRANSFORM absolute PREPEND ${CMAKE_SOURCE_DIR}/)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded.S)
  set(data ${CMAKE_CURRENT_BINARY_DIR}/embedded)
  # LuaJIT's own modules, for -jv, -jdump and such.
  foreach(module bc bcsave dis_arm64 dis_x64 dis_x86 dump p v vmdef zone)
    if(EXISTS ${T9_LUAJIT}/bin/jit/${module}.lua)
      list(APPEND files "packages/jit/${module}.lua ${T9_LUAJIT}/bin/jit/${module}.lua")
    endif()
  endforeach()
  string(REPLACE ";" "\n" lines "${files}")
  file(GENERATE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/embedded.list CONTENT "${lines}\n")
  add_custom_command(OUTPUT ${out}
    COMMAND ${T9_LUAJIT}/bin/luajit ${CMAKE_SOURCE_DIR}/tools/embed.lua ${CMAKE_CURRENT_BINARY_DIR}/embedded.list ${CMAKE_SOURCE_DIR} ${data} ${out}
    DEPENDS ${absolute} ${CMAKE_SOURCE_DIR}/tools/embed.lua ${CMAKE_CURRENT_BINARY_DIR}/embedded.list
    COMMENT "Embedding the packages")
  target_sources(${target} PRIVATE ${out})
endfunction()
