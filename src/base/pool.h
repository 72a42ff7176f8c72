// Freed structs of one type, kept by each thread for reuse: tensors come and go with every view.
#pragma once

#include <cstddef>
#include <new>

#include "base/allocator.h"

namespace t9 {

template <class T>
class Pool {
 public:
  static void* take() {
    Node* n = list.head;
    if (!n) return ::operator new(sizeof(T));
    list.head = n->next;
    --list.count;
    return n;
  }
  static void give(void* p) {
    if (!kKeepFreed || list.dead || list.count >= kMost) return ::operator delete(p);
    Node* n = static_cast<Node*>(p);
    n->next = list.head;
    list.head = n;
    ++list.count;
  }

 private:
  static constexpr int kMost = 4096;
  struct Node {
    Node* next;
  };
  struct List {
    Node* head = nullptr;
    int count = 0;
    bool dead = false;
    ~List() {
      while (head) {
        Node* n = head;
        head = n->next;
        ::operator delete(n);
      }
      dead = true;
    }
  };
  static thread_local List list;
};
template <class T>
thread_local typename Pool<T>::List Pool<T>::list;

}  // namespace t9
