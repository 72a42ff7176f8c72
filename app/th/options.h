// The command line of th.
#pragma once

#include <string>
#include <vector>

namespace th {

enum class Monitor { kOff, kPrint, kRaise };

struct Options {
  std::vector<std::string> libraries;  // -l
  std::vector<std::string> jit;        // -j and -O, the letter first
  const char* statement = nullptr;     // -e
  const char* script = nullptr;        // a file, "-" for standard input
  int first_argument = 0;              // of the script, in argv
  bool interactive = false, help = false, async = false, gfx = false;
  Monitor monitor = Monitor::kOff;
  std::string problem;  // what is wrong with the command line, empty when nothing is
};

Options parse_options(int argc, char** argv, const std::string& executable);

extern const char* const kUsage;

}  // namespace th
