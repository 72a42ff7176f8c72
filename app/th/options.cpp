#include "options.h"

#include <cstdlib>
#include <cstring>
#include <memory>

namespace th {

const char* const kUsage = R"(Usage: th [options] [script.lua [arguments]]

Options:
  -l name            load library name
  -e statement       execute statement
  -h,--help          print this help
  -a,--async         preload async (libuv) and start async repl (BETA)
  -g,--globals       monitor global variables (print a warning on creation/access)
  -gg,--gglobals     monitor global variables (throw an error on creation/access)
  -x,--gfx           start gfx server and load gfx env
  -i,--interactive   enter the REPL after executing a script
)";

namespace {

// Scripts start themselves again by arg[-1] and arg[0], which both are th.
bool is_same_file(const char* path, const std::string& executable) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path, nullptr), &std::free);
  return real && executable == real.get();
}

}  // namespace

Options parse_options(int argc, char** argv, const std::string& executable) {
  Options options;
  int i = 1;
  if (argc > 1 && is_same_file(argv[1], executable)) ++i;

  // The value of an option of one letter: attached to it, or the next word.
  const auto value = [&](const char* word) -> const char* {
    if (word[2]) return word + 2;
    return i + 1 < argc ? argv[++i] : nullptr;
  };

  for (; i < argc; ++i) {
    const char* word = argv[i];
    const auto is = [&](const char* brief, const char* full) {
      return !std::strcmp(word, brief) || !std::strcmp(word, full);
    };
    if (word[0] != '-' || !word[1]) {
      options.script = word;
      options.first_argument = i + 1;
      return options;
    }
    if (is("-h", "--help")) options.help = true;
    else if (is("-i", "--interactive")) options.interactive = true;
    else if (is("-g", "--globals")) options.monitor = Monitor::kPrint;
    else if (is("-gg", "--gglobals")) options.monitor = Monitor::kRaise;
    else if (is("-a", "--async")) options.async = true;
    else if (is("-x", "--gfx")) options.gfx = true;
    else if (word[1] == 'O') options.jit.push_back(word + 1);
    else if (word[1] == 'l' || word[1] == 'j' || word[1] == 'e') {
      const char letter = word[1];
      const char* given = value(word);
      if (!given) {
        options.problem = std::string("flag ") + word + " needs a value";
        return options;
      }
      if (letter == 'e') {
        options.statement = given;
        return options;  // what follows is ignored
      }
      if (letter == 'l') options.libraries.push_back(given);
      else options.jit.push_back(std::string("j") + given);
    } else {
      options.problem = std::string("unrecognized flag ") + word;
      return options;
    }
  }
  return options;
}

}  // namespace th
