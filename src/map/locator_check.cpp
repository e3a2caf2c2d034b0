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
  bool fits_the_earth() const {
    const std::int64_t west = header_.west, south = header_.south, one = std::int64_t{1} << header_.tile_shift;
    constexpr std::int64_t most_x = 1800000000, most_y = 900000000;
    return -most_x <= west && west <= most_x && -most_y <= south && south <= most_y &&
           header_.columns <= 2 * most_x + 1 && header_.rows <= 2 * most_y + 1 &&
           west + header_.columns * one <= most_x + one && south + header_.rows * one <= most_y + one;
  }
  bool is_area(std::uint32_t code) const { return code <= header_.areas; }

  bool entry_is_sound(std::uint32_t entry) const {
    if (!(entry & named)) return is_area(entry);
    const std::uint64_t k = cells_shift_of(entry), cells = std::uint64_t{1} << 2 * k;
    const std::uint64_t block = std::uint64_t{entry & place_mask} * unit;
    if (k > header_.tile_shift || block > index_.size() || 4 * cells > index_.size() - block) return false;
    const std::uint32_t* codes = words_ + block / 4;
    for (std::uint64_t cell = 0; cell < cells; ++cell) {
      if (!(codes[cell] & named ? record_is_sound(codes[cell], block) : is_area(codes[cell]))) return false;
    }
    return true;
  }

  bool record_is_sound(std::uint32_t code, std::uint64_t block) const {
    const std::uint64_t at = block + std::uint64_t{code & record_mask} * record_words * 4;
    if (at >= index_.size()) return false;
    const std::uint64_t left = index_.size() - at;
    const std::uint32_t* record = words_ + at / 4;
    switch (kind_of(code)) {
      case Kind::chain:
        return left >= sizeof(Chain) && is_area(record[0]) && is_area(record[0] ^ record[1]);
      case Kind::long_chain:
        return left >= sizeof(LongChain) && is_area(record[0]) && is_area(record[0] ^ record[1]);
      case Kind::lines:
        return left >= sizeof(Lines) && record[1] < left / sizeof(Lines) && is_area(record[0]);
      case Kind::wide:
        return left >= sizeof(Wide) && record[1] <= (left - sizeof(Wide)) / sizeof(WideEdge) && is_area(record[0]);
    }
    return false;
  }

  std::span<const std::byte> index_;
  std::size_t areas_;
  Header header_;
  const std::uint32_t* words_ = nullptr;
};

}  // namespace

std::string_view fault_of_index(std::span<const std::byte> index, std::size_t areas) {
  return Checker(index, areas).run();
}

}  // namespace wangge::map
