#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "coverage/raw_vector.hpp"
#include "map/arcs.hpp"
#include "map/large_pages.hpp"
#include <wangge/execution.hpp>
#include <wangge/grid_map.hpp>

namespace wangge::map {

/// Ways to answer a batch; all give the same answers.
enum class Path : std::uint8_t { portable, avx2, avx512 };

/// True where this machine can take that path.
bool runs_here(Path path) noexcept;
/// The fastest that this machine can take.
Path best_path() noexcept;

/// The areas of positions, read from an index image (see locator_layout.hpp) that it does not own. A few table reads
/// and, near a border, a handful of exact integer tests.
class Locator {
 public:
  Locator() = default;
  /// The image starts at a multiple of 64 bytes, and was built here or has been checked.
  explicit Locator(std::span<const std::byte> image) noexcept;

  GridId locate(Position p) const noexcept;
  GridId locate(LngLat place) const noexcept;  ///< none where it is not on Earth
  /// `out` has as many elements.
  void locate(std::span<const Position> points, GridId* out, Path path = best_path()) const noexcept;
  void locate(std::span<const LngLat> places, GridId* out, Path path = best_path()) const noexcept;

  /// What lookups read: the header unpacked.
  struct Tables {
    const std::uint32_t* words = nullptr;  ///< the image
    std::uint32_t west = 0, south = 0, tile_shift = 0, tile_mask = 0, columns = 0, rows = 0, areas = 0;
  };

 private:
  Tables tables_;
  Path path_ = best_path();
};

/// Memory of whole cache lines.
struct alignas(64) CacheLine {
  std::byte bytes[64];
};
using Image = std::vector<CacheLine, coverage::Raw<CacheLine, Aligned<CacheLine>>>;
inline std::span<const std::byte> bytes_of(const Image& image) { return std::as_bytes(std::span(image)); }

/// Builds the index of a coverage of `areas` areas. The same bytes with any number of threads.
Image build_index(const ArcsView& arcs, std::uint32_t areas, const Execution& execution = {});

/// The index of a map that an edit has made another of.
struct EarlierIndex {
  std::span<const std::byte> image;  ///< of the map before
  /// All edges that the maps do not share, all ground that changed hands and all areas that have another row now are
  /// within these, and do not touch their sides.
  std::span<const Box> changed;
};

/// The same into memory of the caller's: `room` is asked once for so many bytes, at a multiple of 64. Where there is an
/// earlier index, tiles without a change are taken from it; the bytes are the same.
void build_index(const ArcsView& arcs, std::uint32_t areas, const Execution& execution,
                 const std::function<std::byte*(std::size_t bytes)>& room, const EarlierIndex& earlier = {});

}  // namespace wangge::map
