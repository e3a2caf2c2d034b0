#include "map/hierarchy.hpp"

#include <algorithm>
#include <tuple>

#include "coverage/pieces.hpp"
#include "coverage/sort.hpp"
#include <wangge/error.hpp>

namespace wangge::map {
namespace {

std::string described(const Hierarchy::Area& area) { return std::string(to_string(area.level)) + " " + area.code; }

/// Its first eight bytes, such that these numbers are in the order of the texts where they differ.
std::uint64_t beginning(std::string_view text) {
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < 8; ++i) bytes = bytes << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0);
  return bytes;
}

}  // namespace

Hierarchy::Hierarchy(std::span<const GridRecord> records, const Execution& execution) {
  areas_.resize(records.size());
  coverage::in_pieces(records.size(), execution, [&](std::size_t, std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      const GridRecord& r = records[i];
      areas_[i] = {r.code, r.name, r.level, r.kind, GridId::none};
    }
  });
  sort_codes(execution);
  for (std::uint32_t i = 0; i < records.size(); ++i) find_parent(GridId{i}, records[i].parent);
  children_ = Children(*this, static_cast<std::uint32_t>(size()));
}

void Hierarchy::sort_codes(const Execution& execution) {
  const auto code = [this](GridId id) -> const std::string& { return areas_[row(id)].code; };
  const auto nameless = std::find_if(areas_.begin(), areas_.end(), [](const Area& area) { return area.code.empty(); });
  if (nameless != areas_.end())
    throw Error(Errc::invalid_coverage,
                "area in row " + std::to_string(nameless - areas_.begin() + 1) + " has no code; give it one");
  struct Code {
    std::uint64_t begins;
    GridId id;
  };
  coverage::RawVector<Code> codes(areas_.size());
  by_code_.resize(areas_.size());
  const auto each = [&](const auto& visit) {
    coverage::in_pieces(areas_.size(), execution, [&](std::size_t, std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i) visit(i);
    });
  };
  each([&](std::size_t i) { codes[i] = {beginning(areas_[i].code), GridId{static_cast<std::uint32_t>(i)}}; });
  const auto before = [&](const Code& a, const Code& b) {
    if (a.begins != b.begins) return a.begins < b.begins;
    return std::tie(code(a.id), a.id) < std::tie(code(b.id), b.id);
  };
  coverage::sort_all(codes, before, execution);
  each([&](std::size_t i) { by_code_[i] = codes[i].id; });
  const auto twice =
      std::adjacent_find(by_code_.begin(), by_code_.end(), [&](GridId a, GridId b) { return code(a) == code(b); });
  if (twice != by_code_.end())
    throw Error(Errc::invalid_coverage, "code " + code(*twice) + " is used twice, in rows " +
                                            std::to_string(row(twice[0]) + 1) + " and " +
                                            std::to_string(row(twice[1]) + 1) + "; rename one");
}

void Hierarchy::find_parent(GridId id, const std::string& parent_code) {
  if (parent_code.empty()) return;
  Area& area = areas_[row(id)];
  area.parent = find(parent_code);
  if (area.parent == GridId::none)
    throw Error(Errc::invalid_coverage, "area " + area.code + " is part of " + parent_code +
                                            ", which does not exist; add it or correct the parent");
  // Levels fall strictly from parent to child, so there is no cycle either.
  const Area& parent = areas_[row(area.parent)];
  if (area.level <= parent.level)
    throw Error(Errc::invalid_coverage, described(area) + " cannot be part of " + described(parent) +
                                            "; a part has a level below its parent's");
}

GridId Hierarchy::find(std::string_view code) const noexcept {
  const auto at = std::lower_bound(by_code_.begin(), by_code_.end(), code,
                                   [this](GridId id, std::string_view c) { return areas_[row(id)].code < c; });
  return at != by_code_.end() && areas_[row(*at)].code == code ? *at : GridId::none;
}

}  // namespace wangge::map
