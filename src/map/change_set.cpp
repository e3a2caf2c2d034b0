#include <wangge/change_set.hpp>

namespace wangge {

ChangeSet ChangeSet::inverse() const {
  ChangeSet undo{base_revision + 1, reason, {changes.rbegin(), changes.rend()}};
  for (Change& change : undo.changes)
    change.operation = change.operation == Operation::create ? Operation::retire : Operation::create;
  return undo;
}

}  // namespace wangge
