#include <cstdio>

#include "locate/method.hpp"

namespace wangge::bench {

void add_s2(std::span<const GridRecord>, const Wanted&, std::vector<Contender>&) {
  std::fprintf(stderr, "bench_locate: built without S2 (libs2-dev): S2 is left out\n");
}

}  // namespace wangge::bench
