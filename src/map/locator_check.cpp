#include <algorithm>
#include <cstring>

#include "map/locator_kernel.hpp"
#include "map/map_image.hpp"

namespace wangge::map {
namespace {

using namespace layout;

/// Reads an index as a lookup would, but looks before it leaps.
class Checker {
 public:
  Checker(std::span<const std::byte> index, std::size_t areas) : index_(index), areas_(areas) {}

  std::string_view run() {
    if (index_.size() < sizeof(Header)) return "its lookup index is cut off";
    header_ = kernel::read<Header>(index_.data());
    words_ = reinterpret_cast<const std::uint32_t*>(index_.data());
    if (header_.bytes != index_.size() || index_.size() % unit != 0) return "its lookup index is cut off";
    if (index_.size() > most_bytes) return "its lookup index is too large";
    if (header_.areas != areas_) return "its lookup index is of another map";
    if (header_.tile_shift > most_tile_shift || !fits_the_earth()) return "its lookup index covers no place on Earth";
    const std::uint64_t tiles = std::uint64_t{header_.columns} * header_.rows;
    if (tiles >= index_.size() / 4 || sizeof(Header) + 4 * (tiles + 1) > index_.size())
      return "its lookup index is cut off";
    const std::uint32_t* directory = words_ + directory_at;
    if (directory[tiles] != 0) return "its lookup index names areas off the map";
    for (std::uint64_t tile = 0; tile < tiles; ++tile) {
      if (!entry_is_sound(directory[tile])) return "its lookup index points astray";
    }
    return {};
  }

 private:
  static constexpr std::uint64_t most_bytes = std::uint64_t{1} << 33;  ///< its words are counted in 31 bits
  static constexpr std::uint64_t strip = 1024;                         ///< cells that are checked together
  static constexpr std::int32_t most_x = 1800000000, most_y = 900000000;

  bool fits_the_earth() const {
    const std::int64_t west = header_.west, south = header_.south, one = std::int64_t{1} << header_.tile_shift;
    return -most_x <= west && west <= most_x && -most_y <= south && south <= most_y &&
           header_.columns <= 2 * std::int64_t{most_x} + 1 && header_.rows <= 2 * std::int64_t{most_y} + 1 &&
           west + header_.columns * one <= most_x + one && south + header_.rows * one <= most_y + one;
  }
  bool is_area(std::uint32_t code) const { return code <= header_.areas; }

  /// Blocks and records lie side by side, so that a forged file cannot keep a reader busy for longer than its size.
  bool is_new(std::uint64_t bytes) {
    seen_ += bytes;
    return seen_ <= index_.size();
  }

  bool entry_is_sound(std::uint32_t entry) {
    if (!(entry & named)) return is_area(entry);
    const std::uint64_t k = cells_shift_of(entry), cells = std::uint64_t{1} << 2 * k;
    const std::uint64_t block = std::uint64_t{entry & place_mask} * unit;
    if (k > header_.tile_shift || block > index_.size() || 4 * cells > index_.size() - block) return false;
    if (!is_new(4 * cells)) return false;
    for (std::uint64_t cell = 0; cell < cells; cell += strip) {
      const std::span codes(words_ + block / 4 + cell, std::min(strip, cells - cell));
      if (!codes_are_sound(codes, block, header_.tile_shift - k)) return false;
    }
    return true;
  }

  /// Which cells are divided is anybody's guess, so they are picked out first, without a branch.
  bool codes_are_sound(std::span<const std::uint32_t> codes, std::uint64_t block, std::uint64_t shift) {
    std::uint32_t divided[strip + 1], most = 0;
    std::size_t count = 0;
    for (const std::uint32_t code : codes) {
      divided[count] = code;
      count += code >> 31;
      most = std::max(most, code & named ? 0 : code);
    }
    return is_area(most) && std::all_of(divided, divided + count,
                                        [&](std::uint32_t code) { return record_is_sound(code, block, shift); });
  }

  /// In a cell of 2^shift lattice units.
  bool record_is_sound(std::uint32_t code, std::uint64_t block, std::uint64_t shift) {
    const std::uint64_t at = block + std::uint64_t{code & record_mask} * record_words * 4;
    if (at >= index_.size()) return false;
    const std::uint64_t left = index_.size() - at;
    const std::uint32_t* record = words_ + at / 4;
    if (!is_area(record[0])) return false;  // a record is at least half a unit long
    const bool is_small = std::uint64_t{1} << shift <= narrow;
    switch (kind_of(code)) {
      case Kind::chain:
        return is_small && is_new(sizeof(Chain)) && is_area(record[0] ^ record[1]) &&
               are_narrow(kernel::as<Chain>(record).vertex);
      case Kind::long_chain:
        return is_small && left >= sizeof(LongChain) && is_new(sizeof(LongChain)) && is_area(record[0] ^ record[1]) &&
               are_narrow(kernel::as<LongChain>(record).vertex);
      case Kind::lines:
        return is_small && left >= sizeof(Lines) && record[1] < left / sizeof(Lines) &&
               is_new((std::uint64_t{record[1]} + 1) * sizeof(Lines)) && lines_are_narrow(&kernel::as<Lines>(record));
      case Kind::wide:
        return record[1] <= (left - sizeof(Wide)) / sizeof(WideEdge) && is_new(record[1] * sizeof(WideEdge)) &&
               wide_is_on_earth(record);
    }
    return false;
  }

  /// Within 2^14 either way, so that no product of their differences overflows: the two highest bits are the same.
  template <std::size_t Count>
  static bool are_narrow(const Point (&points)[Count]) {
    std::uint32_t differ = 0;
    for (const Point& point : points) {
      const auto both = kernel::read<std::uint32_t>(&point);
      differ |= both ^ both << 1;
    }
    return (differ & 0x80008000u) == 0;
  }

  static bool lines_are_narrow(const Lines* line) {
    for (std::uint64_t left = std::uint64_t{line->more} + 1; left > 0; --left, ++line) {
      if (!are_narrow(line->from) || !are_narrow(line->to)) return false;
    }
    return true;
  }

  static bool wide_is_on_earth(const std::uint32_t* record) {
    const auto is_on_earth = [](Position p) {
      return -most_x <= p.x && p.x <= most_x && -most_y <= p.y && p.y <= most_y;
    };
    for (std::uint32_t i = 0; i < record[1]; ++i) {
      const auto edge = kernel::read<WideEdge>(record + 2 + i * (sizeof(WideEdge) / 4));
      if (!is_on_earth(edge.low) || !is_on_earth(edge.high)) return false;
    }
    return true;
  }

  std::span<const std::byte> index_;
  std::size_t areas_;
  Header header_;
  const std::uint32_t* words_ = nullptr;
  std::uint64_t seen_ = 0;
};

}  // namespace

std::string_view fault_of_index(std::span<const std::byte> index, std::size_t areas) {
  return Checker(index, areas).run();
}

}  // namespace wangge::map
