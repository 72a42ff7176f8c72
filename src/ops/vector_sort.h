// Highway's vectorised quicksort, loaded at the first long sort.
#pragma once

#include <cstdint>

namespace t9 {

// Sorts ascending; false, with nothing done, where the library is missing.
bool vector_sort(uint64_t* keys, int64_t n);
bool vector_sort(unsigned __int128* keys, int64_t n);

}  // namespace t9
