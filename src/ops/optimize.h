#pragma once

#include <cstdint>
#include <utility>

namespace t9 {

enum class Optimizer : uint8_t { Sgd, Momentum, Nesterov, Adam, Adamax, Rmsprop, Adagrad, Adadelta };

}  // namespace t9
