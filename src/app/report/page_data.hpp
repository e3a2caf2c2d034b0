#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/report/page_source.hpp"
#include <wangge/io.hpp>

namespace wangge::app {

using Json = nlohmann::ordered_json;

/// Counts and positions in one list of numbers; each position as its difference from the one before, which keeps the
/// numbers short. plan.js reads them back.
class Coordinates {
 public:
  void count(std::size_t number) { numbers_.push_back(static_cast<std::int64_t>(number)); }
  void position(Position p) {
    numbers_.push_back(std::int64_t{p.x} - last_.x);
    numbers_.push_back(std::int64_t{p.y} - last_.y);
    last_ = p;
  }
  void line(std::span<const Position> positions) {
    count(positions.size());
    for (const Position p : positions) position(p);
  }
  Json json() const { return numbers_; }

 private:
  std::vector<std::int64_t> numbers_;
  Position last_;
};

/// One footprint or position and the households of all units that share it, such as a building's stairwells.
struct Building {
  const Unit* unit = nullptr;
  std::uint64_t households = 0;
  std::int64_t mark = -1;
};

/// `marks` has one number a unit, or is empty; units with different marks stay apart.
std::vector<Building> buildings_of(Units units, std::span<const std::int64_t> marks = {});
Json buildings_json(std::span<const Building> buildings);

/// What every page knows of a plan: all but its buildings.
Json plan_json(const Plan& plan);

/// Puts the data into the page and replaces `file` by it atomically; throws `not_writable`.
void write_page(const std::filesystem::path& file, const PageShell& shell, const Json& data);

}  // namespace wangge::app
