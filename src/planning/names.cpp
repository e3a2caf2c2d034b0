#include <wangge/planning.hpp>

#include <array>

#include <wangge/error.hpp>

namespace wangge {
namespace {

using namespace std::string_view_literals;

constexpr std::array barrier_names{"street"sv, "wall"sv, "soft"sv, "hard"sv};
constexpr std::array finding_names{"hamlet"sv,     "tower"sv,     "out_of_range"sv, "empty_zone"sv, "neck"sv,
                                   "unassigned"sv, "straddler"sv, "overlap"sv,      "mended"sv,     "input"sv,
                                   "lumpy"sv,      "unproven"sv,  "annexed"sv,      "attribute"sv,  "missing"sv,
                                   "apart"sv,      "mixed"sv,     "locked"sv};
constexpr std::array proof_names{"none"sv, "component"sv, "unit"sv, "matching"sv, "ring"sv};

}  // namespace

std::string_view to_string(BarrierClass barrier) noexcept { return barrier_names[static_cast<std::size_t>(barrier)]; }

BarrierClass parse_barrier_class(std::string_view name) {
  for (std::size_t i = 0; i < barrier_names.size(); ++i)
    if (name == barrier_names[i]) return static_cast<BarrierClass>(i);
  throw Error(Errc::invalid_argument,
              "barrier class \"" + std::string(name) + "\" is unknown; use hard, soft, wall or street");
}

std::string_view to_string(Certificate::Proof proof) noexcept { return proof_names[static_cast<std::size_t>(proof)]; }

std::string_view to_string(Finding::Kind kind) noexcept { return finding_names[static_cast<std::size_t>(kind)]; }

}  // namespace wangge
