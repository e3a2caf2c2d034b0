#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <wangge/export.hpp>
#include <wangge/grid_map.hpp>

namespace wangge {

/// A list of edits that leads from one revision of a map to the next, and back.
struct WANGGE_EXPORT ChangeSet {
  enum class Operation : std::uint8_t { create, retire };

  struct Change {
    Operation operation = Operation::create;
    GridRecord record;  ///< the whole area, so that the change can be undone
    friend bool operator==(const Change&, const Change&) = default;
  };

  std::uint64_t base_revision = 0;
  std::string reason;
  std::vector<Change> changes;

  /// The change set that undoes this one, made for the revision after it.
  ChangeSet inverse() const;
  friend bool operator==(const ChangeSet&, const ChangeSet&) = default;
};

}  // namespace wangge
