#include <cstdio>

#include "locate/method.hpp"

namespace wangge::bench {

void add_geos(std::span<const GridRecord>, const Wanted&, std::vector<Contender>&) {
  std::fprintf(stderr, "bench_locate: built without GEOS's C++ headers (libgeos++-dev): GEOS is left out\n");
}

}  // namespace wangge::bench
