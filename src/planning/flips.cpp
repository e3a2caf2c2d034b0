#include "planning/refine.hpp"

namespace wangge::planning {
namespace {

/// Atoms still to be looked at, each at most once in the line.
class Line {
 public:
  explicit Line(std::uint32_t atoms) : waiting_(atoms, false) {}
  void push(std::uint32_t atom) {
    if (waiting_[atom]) return;
    waiting_[atom] = true;
    atoms_.push_back(atom);
  }
  bool pop(std::uint32_t& atom) {
    if (next_ == atoms_.size()) return false;
    atom = atoms_[next_++];
    waiting_[atom] = false;
    return true;
  }

 private:
  std::vector<bool> waiting_;
  std::vector<std::uint32_t> atoms_;
  std::size_t next_ = 0;
};

constexpr double worth_it_m = 1e-3;

}  // namespace

void flip(Parts& parts) {
  const Piece& piece = parts.piece();
  Line line(piece.size());
  for (std::uint32_t atom = 0; atom < piece.size(); ++atom) line.push(atom);
  std::uint64_t patience = std::uint64_t{32} * piece.size();
  for (std::uint32_t atom = 0; line.pop(atom) && patience > 0; --patience) {
    const Parts::Move move = parts.best_move(atom);
    if (move.to == Graph::none || move.change > -worth_it_m || !parts.may_leave(atom)) continue;
    parts.move(atom, move.to);
    for (const Arc& arc : piece.arcs_of(atom)) line.push(arc.to);
  }
}

}  // namespace wangge::planning
