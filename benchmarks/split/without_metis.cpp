#include <cstdio>

#include "split/method.hpp"

namespace wangge::bench {

std::vector<Method> metis_methods() {
  std::fprintf(stderr, "bench_split: built without METIS (libmetis-dev): METIS is left out\n");
  return {};
}

}  // namespace wangge::bench
