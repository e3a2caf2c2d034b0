#pragma once

#include <span>
#include <vector>

#include <wangge/planning.hpp>

namespace wangge::planning {

/// Figures of every area of a map for units whose area is known (or none): one that lies across an outline belongs to
/// the side with most of it, wherever its position is.
WANGGE_EXPORT Assessment assess_assigned(const GridMap& map, Units units, std::span<const GridId> area_of_unit,
                                         const Range& range);

/// Area, perimeter and compactness of one area, and no counts.
AreaFigures measure(const GridMap& map, GridId id);

/// As `assess_assigned`, with the areas measured already, in their order.
Assessment assess_measured(const GridMap& map, Units units, std::span<const GridId> area_of_unit, const Range& range,
                           std::vector<AreaFigures> measured);

/// Adds to each area, and to all that it is part of, what its units count for each attribute.
WANGGE_EXPORT void add_attributes(const GridMap& map, std::span<const GridId> area_of_unit,
                                  std::span<const UnitAttribute> attributes, Assessment& assessment);

}  // namespace wangge::planning
