#include "map/hierarchy.hpp"

#include <algorithm>
#include <tuple>

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
  areas_.reserve(records.size());
  for (const GridRecord& r : records) areas_.push_back({r.code, r.name, r.level, r.kind, GridId::none});
  sort_codes(execution);
  for (std::uint32_t i = 0; i < records.size(); ++i) find_parent(GridId{i}, records[i].parent);
  children_ = Children(*this, static_cast<std::uint32_t>(size()));
}

void Hierarchy::sort_codes(const Execution& execution) {
  const auto code = [this](GridId id) -> const std::string& { return areas_[row(id)].code; };
  std::vector<std::pair<std::uint64_t, GridId>> codes;  // with what they begin with
  for (std::uint32_t i = 0; i < areas_.size(); ++i) {
    if (areas_[i].code.empty())
      throw Error(Errc::invalid_coverage, "area in row " + std::to_string(i + 1) + " has no code; give it one");
    codes.emplace_back(beginning(areas_[i].code), GridId{i});
  }
  const auto before = [&](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    return std::tie(code(a.second), a.second) < std::tie(code(b.second), b.second);
  };
  coverage::sort_all(codes, before, execution);
  for (const auto& [begins, id] : codes) by_code_.push_back(id);
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
