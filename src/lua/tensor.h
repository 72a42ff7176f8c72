// Shared by the files that make tensors known to Lua.
#pragma once

#include "lua/lua.h"

namespace t9::lua {

// The element type that a closure of a type's metatable or constructor was made for.
inline Type upvalue_type(lua_State* L) { return Type(lua_tointeger(L, lua_upvalueindex(1))); }

// X(...), t:set(...): fills an empty tensor from the arguments at `first` and up.
void construct(lua_State* L, Tensor& t, int first);

int tensor_new(lua_State* L);     // upvalue: type
int tensor_set(lua_State* L);
int tensor_resize(lua_State* L);
int tensor_totable(lua_State* L);
int tensor_index(lua_State* L);     // upvalues: type, methods
int tensor_newindex(lua_State* L);  // upvalues: type, methods

// Puts {name = function} rows that may throw C++ exceptions into the table on the top.
void register_safely(lua_State* L, const luaL_Reg* rows);

}  // namespace t9::lua
