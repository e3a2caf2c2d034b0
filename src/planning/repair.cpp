#include "planning/certificate.hpp"
#include "planning/refine.hpp"

namespace wangge::planning {
namespace {

/// Local re-splits round a part that chains could not mend; more where it is in range but misses other wishes, as
/// chains know nothing of those.
int tries(const Parts& parts, std::uint32_t part) { return parts.wishes_met(part) ? 48 : 192; }

bool mend(Parts& parts, std::uint32_t part, Chains& chains, Resplitter& resplitter, Random& random) {
  if (chains.mend(part)) return true;
  const std::uint32_t before = parts.breaches();
  for (int i = tries(parts, part); i > 0; --i) {
    resplitter.attempt(part, 2 + random.below(7), random);
    if (parts.breaches() < before) return true;
    if (parts.sums(part).atoms == 0 || !parts.breaches(part)) return false;  // it moved on: its new place comes later
  }
  return false;
}

}  // namespace

void repair(Parts& parts, Random& random) {
  Chains chains(parts);
  Resplitter resplitter(parts);
  for (int round = 0; round < 4 && parts.breaches() > 0; ++round) {
    const std::uint32_t before = parts.breaches();
    for (std::uint32_t part = 0; part < parts.count() && parts.breaches() > 0; ++part) {
      if (parts.breaches(part)) mend(parts, part, chains, resplitter, random);
    }
    if (parts.breaches() == before && round > 0) break;
  }
}

}  // namespace wangge::planning
