#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "map/arcs.hpp"
#include "map/hierarchy.hpp"
#include "map/locator.hpp"

namespace wangge::map {

/// A map as one block of bytes, in memory as in a `.wgm` file: little-endian, offsets only.
///
/// A lead of 64 bytes, a table of sections, then the sections, each at a multiple of 64 bytes. A reader passes over
/// sections of kinds that it does not know where they are flagged optional, and refuses the file otherwise, so that
/// later versions can add some. The checksum covers every byte: xxh64 of what follows the lead, seeded by the xxh64 of
/// the lead with its checksum set to 0.
namespace format {

inline constexpr char magic[8] = {'w', 'a', 'n', 'g', 'g', 'e', '\r', '\n'};  // text transfer would spoil it visibly
inline constexpr std::uint32_t version = 1;
inline constexpr std::size_t alignment = 64;

struct Lead {
  char magic[8];
  std::uint32_t version = format::version;
  std::uint32_t sections = 0;
  std::uint64_t bytes = 0;  ///< of the whole file
  std::uint64_t checksum = 0;
  std::uint32_t reserved[8] = {};
};
static_assert(sizeof(Lead) == 64);

enum class Section : std::uint32_t {
  info = 1,
  areas = 2,    ///< AreaRow each
  by_code = 3,  ///< rows of the areas, codes ascending, 4 bytes each
  text = 4,     ///< codes and names, UTF-8
  points = 5,   ///< of the arcs, one after the other: x, y in 4 bytes each
  first = 6,    ///< of each arc its first point, and one more; 4 bytes each
  sides = 7,    ///< of each arc the area on its left and on its right, 4 bytes each
  index = 8,    ///< see locator_layout.hpp
  // Optional; a reader makes its own where they are missing.
  ancestors = 9,  ///< see ancestors.hpp
  edges = 10,     ///< see edge_index.hpp
};

inline constexpr std::uint32_t optional_flag = 1;

struct Entry {
  std::uint32_t kind = 0;
  std::uint32_t flags = 0;
  std::uint64_t offset = 0, bytes = 0;
};
static_assert(sizeof(Entry) == 24);

inline constexpr std::uint32_t closed_outer_flag = 1;  ///< BuildOptions::closed_outer

struct Info {
  std::uint64_t revision = 0;
  double snap_m = 0;
  std::uint32_t flags = 0;
  std::uint32_t reserved[3] = {};
};
static_assert(sizeof(Info) == 32);

/// An area; its code and then its name stand in the text.
struct AreaRow {
  GridId parent = GridId::none;
  Level level{};
  Kind kind{};
  std::uint16_t reserved = 0;
  std::uint64_t text = 0;
  std::uint32_t code_bytes = 0, name_bytes = 0;
};
static_assert(sizeof(AreaRow) == 24);

}  // namespace format

/// The parts of an image.
struct MapView {
  format::Info info;
  std::span<const format::AreaRow> areas;
  std::span<const GridId> by_code;
  std::string_view text;
  ArcsView arcs;
  std::span<const std::byte> index;
  std::span<const std::uint32_t> ancestors;  ///< empty where the file has none
  std::span<const std::byte> edges;          ///< the same

  const format::AreaRow& operator[](GridId id) const { return areas[row(id)]; }
  std::string_view code(GridId id) const { return {text.data() + (*this)[id].text, (*this)[id].code_bytes}; }
  std::string_view name(GridId id) const {
    return {text.data() + (*this)[id].text + (*this)[id].code_bytes, (*this)[id].name_bytes};
  }
  GridId find(std::string_view code) const noexcept;
};

/// Puts an image together, whole with lookup index, ancestors and edge index.
Image make_image(const format::Info& info, const Hierarchy& hierarchy, const ArcsView& arcs,
                 const Execution& execution = {}, const EarlierIndex& earlier = {});

/// Finds the parts of an image. `trusted`: it was written by `make_image` and is whole. Else everything that an answer
/// rests on is checked: the checksum, and that every offset, count and row is in range. Throws Error{corrupt_file}, or
/// Error{unsupported} for a later version; `name` is for the message.
MapView view_image(std::span<const std::byte> image, bool trusted, const std::string& name);

/// What is wrong with an index of a map of `areas` areas, or nothing.
std::string_view fault_of_index(std::span<const std::byte> index, std::size_t areas);

}  // namespace wangge::map
