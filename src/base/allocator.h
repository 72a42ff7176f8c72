// Blocks of tensor memory: aligned to 64 bytes, kept for reuse after they are freed.
#pragma once

#include <cstddef>
#include <cstdint>

namespace t9 {

inline constexpr size_t kAlignment = 64;

// Throws Error when memory runs out. A block of 0 bytes is null.
void* allocate(size_t bytes);
void release(void* block, size_t bytes);  // bytes as given to allocate
// Gives the memory below part of a block back to the system; the addresses stay valid and read as zeros,
// or keep what they held when the part is small.
void discard(void* part, size_t bytes);
void trim_cache();                        // gives kept blocks back to the system

struct MemoryCounts {
  int64_t live_bytes;   // handed out now
  int64_t allocations;  // calls of allocate so far
  int64_t fresh;        // those that no kept block could serve
};
MemoryCounts memory_counts();
int64_t live_bytes();

}  // namespace t9
