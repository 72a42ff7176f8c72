// Blocks of tensor memory: aligned to 64 bytes, kept for reuse after they are freed.
#pragma once

#include <cstddef>
#include <cstdint>

namespace t9 {

inline constexpr size_t kAlignment = 64;

// Under the address sanitizer nothing freed is kept for reuse, so that it sees each late use and overrun.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kKeepFreed = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool kKeepFreed = false;
#else
inline constexpr bool kKeepFreed = true;
#endif
#else
inline constexpr bool kKeepFreed = true;
#endif

// Workspaces do not share kept blocks with results: else a buffer that is made later takes the place of a workspace
// for good, and the next training step needs a new one.
enum class Use { Result, Workspace };

// Throws Error when memory runs out. A block of 0 bytes is null.
void* allocate(size_t bytes, Use use = Use::Result);
void release(void* block, size_t bytes, Use use = Use::Result);  // as given to allocate
// Gives the memory below part of a block back to the system; the addresses stay valid and read as zeros,
// or keep what they held when the part is small.
void discard(void* part, size_t bytes);
void trim_cache();                        // gives kept blocks back to the system

// Exact for what the calling thread did; of other threads the last 64 KiB may be missing.
struct MemoryCounts {
  int64_t live_bytes;   // handed out now
  int64_t allocations;  // calls of allocate so far
  int64_t fresh;        // those that no kept block could serve
};
MemoryCounts memory_counts();
int64_t live_bytes();

}  // namespace t9
