#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "verify/plan.hpp"

namespace wangge::verify {
namespace {

using Json = nlohmann::json;

std::string sha256(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    constexpr char digits[] = "0123456789abcdef";
    hex += {digits[digest[i] / 16], digits[digest[i] % 16]};
  }
  return hex;
}

/// The ring's corners from the least on, the ground on the left of an outer ring.
Ring corners_of(const Ring& ring, bool outer) {
  Ring corners;
  for (std::size_t i = 0, n = ring.size(); i < n; ++i) {
    const Point before = ring[(i + n - 1) % n], here = ring[i], after = ring[(i + 1) % n];
    if (here != before && !strictly_between(before, after, here)) corners.push_back(here);
  }
  if (counter_clockwise(corners) != outer) std::reverse(corners.begin(), corners.end());
  std::rotate(corners.begin(), std::min_element(corners.begin(), corners.end()), corners.end());
  return corners;
}

/// What makes an area what it is, so that two can be compared.
struct Likeness {
  std::string name, level, parent, kind;
  Polygons ground;
  friend bool operator==(const Likeness&, const Likeness&) = default;
};

Polygons plain(const Polygons& polygons) {
  Polygons all;
  for (const Polygon& polygon : polygons) {
    Polygon rings;
    for (const Ring& ring : polygon) rings.push_back(corners_of(ring, rings.empty()));
    std::sort(rings.begin() + 1, rings.end());
    all.push_back(std::move(rings));
  }
  std::sort(all.begin(), all.end());
  return all;
}

Likeness likeness_of(const Area& area) {
  return {area.name, area.level, area.parent, area.kind.empty() ? "general" : area.kind, plain(area.polygons)};
}

/// Throws what nlohmann throws where the text is no area.
Likeness likeness_of(const Json& area) {
  Polygons polygons;
  for (const Json& polygon : area.at("coordinates")) {
    Polygon& rings = polygons.emplace_back();
    for (const Json& line : polygon) {
      Ring& ring = rings.emplace_back();
      for (const Json& place : line)
        ring.push_back({static_cast<std::int32_t>(std::lround(place.at(0).get<double>() * per_degree)),
                        static_cast<std::int32_t>(std::lround(place.at(1).get<double>() * per_degree))});
      if (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
    }
  }
  return {area.value("name", ""), area.at("level"), area.value("parent", ""), area.value("kind", "general"),
          plain(polygons)};
}

class HistoryCheck {
 public:
  HistoryCheck(const Plan& plan, Report& report) : plan_(plan), report_(report) {}

  void run() {
    const std::vector<Revision>& rows = plan_.file.revisions;
    report_.figures.revisions = rows.size();
    if (!plan_.file.has_hashes && rows.size() > 1)
      return error("history", "several revisions, but no column hash that shows that none was altered");
    for (const Revision& row : rows) check_link(row);
    try {
      check_order();
      if (plan_.file.has_hashes) walk_back();  // before, areas lacked vertices where borders from beyond end on theirs
    } catch (const Json::exception&) {
      error("history", "a revision's changes are not JSON as docs/changes.md has it");
    }
  }

 private:
  void error(const std::string& code, const std::string& text) {
    report_.errors.push_back({"history", code == "history" ? "" : code, "", {}, 0, "", text});
  }

  void check_link(const Revision& row) {
    if (!plan_.file.has_hashes) return;
    if (row.previous != last_hash_) error("history", "revision " + row.number + " does not follow the row before it");
    if (row.hash != sha256(row.previous + "\n" + row.json))
      error("history", "revision " + row.number + " was altered: its hash does not fit");
    last_hash_ = row.hash;
  }

  void check_order() {
    std::int64_t last = -1;
    for (const Revision& row : plan_.file.revisions) {
      changes_.push_back(Json::parse(row.json));
      const std::int64_t base = changes_.back().at("base_revision");
      if (row.number != std::to_string(base + 1) || (last >= 0 && base != last))
        error("history", "revision " + row.number + " is not in its place");
      if (row.reason != changes_.back().value("reason", "") || row.author != changes_.back().value("author", ""))
        error("history", "revision " + row.number + " has another reason or author than was hashed");
      last = base + 1;
    }
  }

  /// Takes the changes back, the last first: each must start from what it says it led to.
  void walk_back() {
    for (const Area& area : plan_.file.areas) now_.emplace(area.code, likeness_of(area));
    for (std::size_t i = changes_.size(); i-- > 0;) {
      const std::string& number = plan_.file.revisions[i].number;
      const auto [before, after] = sides_of(changes_[i]);
      for (const Json& area : after) {
        const auto at = now_.find(area.at("code").get<std::string>());
        if (at == now_.end() || at->second != likeness_of(area))
          return error(area.at("code"), "not as revision " + number + " left it");
        now_.erase(at);
      }
      for (const Json& area : before) {
        if (!now_.emplace(area.at("code").get<std::string>(), likeness_of(area)).second)
          return error(area.at("code"), "there though revision " + number + " took it away");
      }
    }
  }

  /// All areas before and after; a plan from before there was a history has one area a change.
  static std::pair<std::vector<Json>, std::vector<Json>> sides_of(const Json& changes) {
    std::vector<Json> before, after;
    for (const Json& change : changes.at("changes")) {
      if (change.contains("code")) {
        (change.at("operation") == "create" ? after : before).push_back(change);
        continue;
      }
      for (const Json& area : change.at("before")) before.push_back(area);
      for (const Json& area : change.at("after")) after.push_back(area);
    }
    return {std::move(before), std::move(after)};
  }

  const Plan& plan_;
  Report& report_;
  std::string last_hash_;
  std::vector<Json> changes_;
  std::map<std::string, Likeness> now_;
};

}  // namespace

void check_history(const Plan& plan, Report& report) { HistoryCheck(plan, report).run(); }

}  // namespace wangge::verify
