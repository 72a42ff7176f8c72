#include "base/allocator.h"

#include <sys/mman.h>

#include <atomic>
#include <bit>
#include <cstdlib>
#include <mutex>
#include <utility>
#include <vector>

#include "torch9/error.h"

namespace t9 {

namespace {

// Size classes: four a power of two, so that at most a fifth of a block is unused.
constexpr int kClasses = 4 * 48;
constexpr int kUses = 2;
constexpr size_t kMaxKept = size_t(1) << 30;     // bytes kept for reuse, in all
constexpr size_t kHugePage = size_t(2) << 20;

int class_of(size_t bytes) {
  if (bytes <= 64) return 0;
  int top = 63 - std::countl_zero(uint64_t(bytes - 1));  // bytes in (2^top, 2^(top+1)]
  size_t quarter = size_t(1) << (top - 2);
  return (top - 6) * 4 + 1 + int((bytes - 1 - (size_t(1) << top)) / quarter);
}

size_t class_bytes(int c) {
  if (c == 0) return 64;
  size_t base = size_t(64) << ((c - 1) / 4);
  size_t bytes = base + size_t((c - 1) % 4 + 1) * (base / 4);
  return (bytes + 63) & ~size_t(63);
}

struct FreeBlock {
  FreeBlock* next;
};

struct Cache {
  std::mutex mutex;
  FreeBlock* free[kUses][kClasses] = {};
  size_t kept = 0;
  struct {
    char* at = nullptr;
    size_t left = 0;
  } slab;
};

Cache& cache() {
  static Cache* instance = new Cache;  // never destroyed: storages may outlive static objects
  return *instance;
}

std::atomic<int64_t> live{0}, allocations{0}, fresh{0};

// What a thread keeps for itself: small blocks, which it serves without the lock, and counts that it has
// not added to the process's yet, since three atomic additions would cost as much as a small block.
constexpr int kLocalClasses = 32;  // below the slabs' blocks
constexpr size_t kLocalBytes = size_t(256) << 10;  // of a class: what one collection sets free at once
struct Local {
  FreeBlock* free[kUses][kLocalClasses] = {};
  int count[kUses][kLocalClasses] = {};
  int64_t live = 0, allocations = 0;
  bool dead = false;

  void add(int64_t bytes) {
    constexpr int64_t kMost = int64_t(64) << 10;
    live += bytes;
    allocations += bytes > 0;
    if (live > kMost || live < -kMost || allocations > kMost || dead) publish();
  }
  void publish() {
    t9::live.fetch_add(std::exchange(live, 0), std::memory_order_relaxed);
    t9::allocations.fetch_add(std::exchange(allocations, 0), std::memory_order_relaxed);
  }
  ~Local() {
    publish();
    for (auto& lists : free)
      for (auto& list : lists)
        while (list) {
          FreeBlock* b = list;
          list = b->next;
          std::free(b);
        }
    dead = true;
  }
};
thread_local Local local;

// Blocks of 16 KiB to 1 MiB are cut from slabs of huge pages, since a fault for every 4 KiB costs more
// than most kernels. They never go back to the system.
constexpr size_t kLeastSlabBlock = size_t(16) << 10, kMostSlabBlock = size_t(1) << 20;
constexpr size_t kSlab = 4 * kHugePage;
bool from_slab(size_t size) { return kKeepFreed && size >= kLeastSlabBlock && size <= kMostSlabBlock; }

}  // namespace

void* allocate(size_t bytes, Use use) {
  if (bytes == 0) return nullptr;
  T9_CHECK(bytes < size_t(1) << 47, "cannot allocate %zu bytes: more than the address space", bytes);
  int c = class_of(bytes);
  size_t size = class_bytes(c);
  local.add(int64_t(size));
  if (!kKeepFreed) {
    fresh.fetch_add(1, std::memory_order_relaxed);
    void* block = std::aligned_alloc(kAlignment, (bytes + kAlignment - 1) & ~(kAlignment - 1));
    if (!block) fail("not enough memory: you tried to allocate %zu bytes", bytes);
    return block;
  }
  const int u = int(use);
  if (c < kLocalClasses && local.free[u][c]) {
    FreeBlock* b = local.free[u][c];
    local.free[u][c] = b->next;
    --local.count[u][c];
    return b;
  }
  {
    Cache& shared = cache();
    std::lock_guard lock(shared.mutex);
    if (FreeBlock* b = shared.free[u][c]) {
      shared.free[u][c] = b->next;
      if (!from_slab(size)) shared.kept -= size;
      return b;
    }
    if (from_slab(size)) {
      fresh.fetch_add(1, std::memory_order_relaxed);
      if (shared.slab.left < size) {
        char* p = static_cast<char*>(std::aligned_alloc(kHugePage, kSlab));
        if (!p) {
          local.add(-int64_t(size));
          fail("not enough memory: you tried to allocate %zu bytes", bytes);
        }
        madvise(p, kSlab, MADV_HUGEPAGE);
        shared.slab = {p, kSlab};
      }
      void* block = shared.slab.at;
      shared.slab.at += size;
      shared.slab.left -= size;
      return block;
    }
  }
  fresh.fetch_add(1, std::memory_order_relaxed);
  size_t alignment = size >= 2 * kHugePage ? kHugePage : kAlignment;
  size_t rounded = (size + alignment - 1) & ~(alignment - 1);
  void* block = std::aligned_alloc(alignment, rounded);
  if (!block) {
    trim_cache();
    block = std::aligned_alloc(alignment, rounded);
  }
  if (!block) {
    local.add(-int64_t(size));
    fail("not enough memory: you tried to allocate %zu bytes", bytes);
  }
  if (alignment == kHugePage) madvise(block, rounded, MADV_HUGEPAGE);
  return block;
}

void release(void* block, size_t bytes, Use use) {
  if (!block) return;
  int c = class_of(bytes);
  size_t size = class_bytes(c);
  local.add(-int64_t(size));
  if (!kKeepFreed) return std::free(block);
  const int u = int(use);
  FreeBlock* b = static_cast<FreeBlock*>(block);
  if (c < kLocalClasses && !local.dead && size_t(local.count[u][c]) * size < kLocalBytes) {
    b->next = local.free[u][c];
    local.free[u][c] = b;
    ++local.count[u][c];
    return;
  }
  {
    Cache& shared = cache();
    std::lock_guard lock(shared.mutex);
    if (from_slab(size) || shared.kept + size <= kMaxKept) {
      b->next = shared.free[u][c];
      shared.free[u][c] = b;
      if (!from_slab(size)) shared.kept += size;
      return;
    }
  }
  std::free(block);
}

void discard(void* part, size_t bytes) {
  constexpr uintptr_t kPage = 4096;
  uintptr_t begin = (reinterpret_cast<uintptr_t>(part) + kPage - 1) & ~(kPage - 1);
  uintptr_t end = (reinterpret_cast<uintptr_t>(part) + bytes) & ~(kPage - 1);
  if (part && end > begin && end - begin >= 16 * kPage) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

void trim_cache() {
  Cache& shared = cache();
  std::lock_guard lock(shared.mutex);
  for (auto& lists : shared.free)
    for (int c = 0; c < kClasses; ++c) {
      if (from_slab(class_bytes(c))) continue;
      while (FreeBlock* b = lists[c]) {
        lists[c] = b->next;
        std::free(b);
      }
    }
  shared.kept = 0;
}

MemoryCounts memory_counts() {
  return {live.load() + local.live, allocations.load() + local.allocations, fresh.load()};
}
int64_t live_bytes() { return live.load(std::memory_order_relaxed) + local.live; }

}  // namespace t9
