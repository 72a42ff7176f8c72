#include "ops/vector_sort.h"

#include <dlfcn.h>

#include <cstddef>
#include <type_traits>

namespace t9 {

namespace {

// hwy::Sorter of <hwy/contrib/sort/vqsort.h>, by the names of its functions: linked in the ordinary way
// its library would be loaded by every script.
struct Ascending {};
template <class T>
using Sort = void (*)(const void* sorter, T* keys, size_t n, Ascending);

struct Library {
  void (*make)(void* sorter) = nullptr;
  void (*remove)(void* sorter) = nullptr;
  Sort<uint64_t> sort64 = nullptr;
  Sort<unsigned __int128> sort128 = nullptr;
  bool complete = false;

  Library() {
    void* library = dlopen("libhwy_contrib.so.1", RTLD_LAZY | RTLD_LOCAL);
    if (!library) return;
    auto find = [&](auto& pointer, const char* name) {
      pointer = reinterpret_cast<std::remove_reference_t<decltype(pointer)>>(dlsym(library, name));
      return pointer != nullptr;
    };
    complete = find(make, "_ZN3hwy6SorterC1Ev") && find(remove, "_ZN3hwy6Sorter6DeleteEv") &&
               find(sort64, "_ZNK3hwy6SorterclEPmmNS_13SortAscendingE") &&
               find(sort128, "_ZNK3hwy6SorterclEPNS_9uint128_tEmNS_13SortAscendingE");
  }
};
const Library& library() {
  static const Library out;
  return out;
}

struct Sorter {
  void* state[2] = {};
  Sorter() { library().make(state); }
  ~Sorter() { library().remove(state); }
};

template <class T>
bool sort(Sort<T> f, T* keys, int64_t n) {
  if (!library().complete) return false;
  thread_local const Sorter sorter;
  f(sorter.state, keys, size_t(n), Ascending());
  return true;
}

}  // namespace

bool vector_sort(uint64_t* keys, int64_t n) { return sort(library().sort64, keys, n); }
bool vector_sort(unsigned __int128* keys, int64_t n) { return sort(library().sort128, keys, n); }

}  // namespace t9
