#include "planning/parts.hpp"

#include <algorithm>
#include <numeric>

namespace wangge::planning {

Parts::Parts(const Piece& piece, const Terms& terms, std::span<const std::uint32_t> part_of, std::uint32_t count)
    : piece_(piece),
      terms_(terms),
      part_of_(part_of.begin(), part_of.end()),
      slot_(piece.size()),
      parts_(count),
      members_(count),
      prices_(count),
      seen_(piece.size(), 0) {
  for (std::uint32_t atom = 0; atom < piece.size(); ++atom) {
    const std::uint32_t part = part_of_[atom];
    parts_[part].add(piece, atom);
    slot_[atom] = std::uint32_t(members_[part].size());
    members_[part].push_back(atom);
    for (const Arc& arc : piece.arcs_of(atom)) {
      if (arc.to > atom && part_of_[arc.to] != part) price_ += double(arc.cut_m);
    }
  }
  for (const auto& [atom, foe] : piece.foes) {
    if (atom < foe && part_of_[atom] == part_of_[foe]) ++parts_[part_of_[atom]].conflicts;
  }
  for (std::uint32_t part = 0; part < count; ++part) {
    prices_[part] = planning::price(parts_[part], terms);
    price_ += prices_[part];
    breaches_ += breaches(part);
    if (members_[part].empty()) empty_.push_back(part);
  }
}

std::uint32_t Parts::foes_in(std::uint32_t atom, std::uint32_t part) const {
  std::uint32_t count = 0;
  for (const auto& pair : piece_.foes_of(atom)) count += part_of_[pair.second] == part;
  return count;
}

/// Price of the further counts and of the foes in a part once the atom has joined (sign 1) or left (-1) it.
double Parts::further_price(std::uint32_t atom, std::uint32_t part, int sign, double scale_m) const {
  if (piece_.goals == 0 && piece_.foes.empty()) return 0;
  std::vector<double> sums = parts_[part].goals;
  sums.resize(piece_.goals, 0.0);
  for (std::uint32_t g = 0; g < piece_.goals; ++g) sums[g] += sign * piece_.goals_of(atom)[g];
  const int conflicts = int(parts_[part].conflicts) + sign * int(foes_in(atom, part));
  return scale_m * (goals_price(sums, terms_) + conflicts * double(terms_.breach));
}

double Parts::price_without(std::uint32_t atom, std::uint32_t part) const {
  const Part& from = parts_[part];
  const Atom& leaving = piece_.atoms[atom];
  Sums sums = from.sums;
  sums.remove(leaving);
  if (sums.atoms == 0) return 0;
  const auto left = [&](const Tally& tally, std::uint32_t label) {
    return tally.kinds() - (leaving.households > 0 && tally.count(label) == 1);
  };
  return planning::price(sums, terms_) +
         mixing_price(sums, left(from.blocks, leaving.block), left(from.zones, leaving.zone),
                      left(from.compounds, leaving.compound), terms_) +
         (sums.towers > 0 ? 0 : further_price(atom, part, -1, sums.scale_m()));
}

double Parts::price_with(std::uint32_t atom, std::uint32_t part) const {
  const Part& to = parts_[part];
  const Atom& joining = piece_.atoms[atom];
  Sums sums = to.sums;
  sums.add(joining);
  const auto grown = [&](const Tally& tally, std::uint32_t label) {
    return tally.kinds() + (joining.households > 0 && tally.count(label) == 0);
  };
  return planning::price(sums, terms_) +
         mixing_price(sums, grown(to.blocks, joining.block), grown(to.zones, joining.zone),
                      grown(to.compounds, joining.compound), terms_) +
         further_price(atom, part, 1, sums.scale_m());
}

double Parts::cut_change(std::uint32_t atom, std::uint32_t to) const {
  double change = 0;
  for (const Arc& arc : piece_.arcs_of(atom)) {
    const std::uint32_t part = part_of_[arc.to];
    if (part == part_of_[atom]) change += double(arc.cut_m);
    if (part == to) change -= double(arc.cut_m);
  }
  return change;
}

Parts::Move Parts::best_move(std::uint32_t atom) const {
  const std::uint32_t from = part_of_[atom];
  const Atom& mass = piece_.atoms[atom];
  Move best;
  double leaving = 0;
  for (const Arc& arc : piece_.arcs_of(atom)) {
    const std::uint32_t to = part_of_[arc.to];
    if (to == from || to == best.to || sums(to).towers > 0 || mass.tower) continue;
    if (households(to) + mass.households > terms_.max) continue;
    if (leaving == 0) leaving = price_without(atom, from) - prices_[from];
    const double change = leaving + price_with(atom, to) - prices_[to] + cut_change(atom, to);
    if (change < best.change || (change == best.change && best.to != Graph::none && to < best.to)) best = {to, change};
  }
  return best;
}

void Parts::move(std::uint32_t atom, std::uint32_t to) {
  const std::uint32_t from = part_of_[atom];
  price_ += cut_change(atom, to) - prices_[from] - prices_[to];
  breaches_ -= breaches(from) + breaches(to);
  parts_[from].remove(piece_, atom);
  parts_[to].add(piece_, atom);
  parts_[from].conflicts -= foes_in(atom, from);
  parts_[to].conflicts += foes_in(atom, to);
  auto& left = members_[from];
  slot_[left.back()] = slot_[atom];
  left[slot_[atom]] = left.back();
  left.pop_back();
  if (left.empty()) {
    parts_[from] = {};
    note_empty(from);
  }
  slot_[atom] = std::uint32_t(members_[to].size());
  members_[to].push_back(atom);
  part_of_[atom] = to;
  prices_[from] = planning::price(parts_[from], terms_);
  prices_[to] = planning::price(parts_[to], terms_);
  price_ += prices_[from] + prices_[to];
  breaches_ += breaches(from) + breaches(to);
}

bool Parts::may_leave(std::uint32_t atom) {
  const std::uint32_t part = part_of_[atom];
  std::uint32_t wanted = 0, start = Graph::none;
  round_ += 2;  // seen_ holds round_ for neighbours still to be reached, round_ + 1 for atoms reached
  for (const Arc& arc : piece_.arcs_of(atom)) {
    if (part_of_[arc.to] != part) continue;
    seen_[arc.to] = round_;
    start = arc.to;
    ++wanted;
  }
  if (wanted <= 1) return wanted == 1 || parts_[part].sums.atoms == 1;
  seen_[atom] = seen_[start] = round_ + 1;
  queue_.assign(1, start);
  --wanted;
  for (std::size_t i = 0; i < queue_.size(); ++i) {
    for (const Arc& arc : piece_.arcs_of(queue_[i])) {
      if (part_of_[arc.to] != part || seen_[arc.to] == round_ + 1) continue;
      if (seen_[arc.to] == round_ && --wanted == 0) return true;
      seen_[arc.to] = round_ + 1;
      queue_.push_back(arc.to);
    }
  }
  return false;
}

std::vector<std::uint32_t> Parts::neighbours(std::uint32_t part) const {
  std::vector<std::uint32_t> found;
  for (const std::uint32_t atom : members_[part]) {
    for (const Arc& arc : piece_.arcs_of(atom)) {
      const std::uint32_t other = part_of_[arc.to];
      if (other != part && std::find(found.begin(), found.end(), other) == found.end()) found.push_back(other);
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

double Parts::half_cut(std::span<const std::uint32_t> atoms) const {
  double cut = 0;
  for (const std::uint32_t atom : atoms) {
    for (const Arc& arc : piece_.arcs_of(atom)) cut += part_of_[arc.to] != part_of_[atom] ? double(arc.cut_m) : 0;
  }
  return cut / 2;
}

void Parts::replace(std::span<const std::uint32_t> group, std::span<const std::uint32_t> atoms,
                    std::span<const std::uint32_t> label, std::uint32_t labels) {
  std::vector<std::uint32_t> part_of_label(group.begin(), group.begin() + std::min<std::size_t>(labels, group.size()));
  while (part_of_label.size() < labels) part_of_label.push_back(fresh_part());
  price_ -= half_cut(atoms);
  for (const std::uint32_t part : group) {
    price_ -= prices_[part];
    breaches_ -= breaches(part);
    parts_[part] = {};
    members_[part].clear();
  }
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const std::uint32_t atom = atoms[i], part = part_of_label[label[i]];
    part_of_[atom] = part;
    parts_[part].add(piece_, atom);
    slot_[atom] = std::uint32_t(members_[part].size());
    members_[part].push_back(atom);
  }
  for (const std::uint32_t atom : atoms) {
    for (const auto& pair : piece_.foes_of(atom)) {
      if (atom < pair.second && part_of_[atom] == part_of_[pair.second]) ++parts_[part_of_[atom]].conflicts;
    }
  }
  for (const std::uint32_t part : part_of_label) {
    prices_[part] = planning::price(parts_[part], terms_);
    price_ += prices_[part];
    breaches_ += breaches(part);
  }
  for (std::size_t i = labels; i < group.size(); ++i) {
    prices_[group[i]] = 0;
    note_empty(group[i]);
  }
  price_ += half_cut(atoms);
}

void Parts::replace_all(std::span<const std::uint32_t> label, std::uint32_t labels) {
  std::vector<std::uint32_t> parts(count()), atoms(piece_.size());
  std::iota(parts.begin(), parts.end(), 0u);
  std::iota(atoms.begin(), atoms.end(), 0u);
  replace(parts, atoms, label, labels);
}

/// A part can be emptied, filled and emptied again: it stands in the list once, lest two new parts take its number.
void Parts::note_empty(std::uint32_t part) {
  if (std::find(empty_.begin(), empty_.end(), part) == empty_.end()) empty_.push_back(part);
}

std::uint32_t Parts::fresh_part() {
  while (!empty_.empty()) {
    const std::uint32_t part = empty_.back();
    empty_.pop_back();
    if (members_[part].empty()) return part;
  }
  parts_.emplace_back();
  members_.emplace_back();
  prices_.push_back(0);
  return count() - 1;
}

}  // namespace wangge::planning
