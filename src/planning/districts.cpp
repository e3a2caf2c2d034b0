#include "planning/districts.hpp"

#include <algorithm>
#include <numeric>

namespace wangge::planning {
namespace {

/// Interleaves the lower 16 bits of x and y.
std::uint32_t morton(std::uint32_t x, std::uint32_t y) {
  const auto spread = [](std::uint32_t v) {
    v = (v | v << 8) & 0x00ff00ff;
    v = (v | v << 4) & 0x0f0f0f0f;
    v = (v | v << 2) & 0x33333333;
    return (v | v << 1) & 0x55555555;
  };
  return spread(x & 0xffff) | spread(y & 0xffff) << 1;
}

/// Atoms by part, each ascending.
struct Members {
  std::vector<std::uint32_t> atoms, first;

  explicit Members(const Division& division) : atoms(division.part_of.size()), first(division.count + 1, 0) {
    for (const std::uint32_t part : division.part_of) ++first[part];
    std::partial_sum(first.begin(), first.end(), first.begin());
    for (std::size_t a = atoms.size(); a-- > 0;) atoms[--first[division.part_of[a]]] = std::uint32_t(a);
  }
  std::span<const std::uint32_t> of(std::uint32_t part) const {
    return {atoms.data() + first[part], atoms.data() + first[part + 1]};
  }
};

/// Parts along a Morton curve whose squares lie elsewhere in every round.
std::vector<std::uint32_t> along_curve(const Piece& piece, const Members& members, std::uint32_t parts,
                                       std::uint32_t round) {
  double low = 0, high = 1;
  for (const Atom& atom : piece.atoms) {
    low = std::min({low, double(atom.x_m), double(atom.y_m)});
    high = std::max({high, double(atom.x_m), double(atom.y_m)});
  }
  Random random(round);
  const double shift_x = random.below(16384), shift_y = random.below(16384), scale = 49000 / (high - low);
  std::vector<std::uint64_t> keyed;
  for (std::uint32_t part = 0; part < parts; ++part) {
    if (members.of(part).empty()) continue;
    const Atom& atom = piece.atoms[members.of(part)[members.of(part).size() / 2]];
    const auto cell = [&](double at, double shift) { return std::uint32_t((at - low) * scale + shift); };
    const std::uint32_t key = morton(cell(double(atom.x_m), shift_x), cell(double(atom.y_m), shift_y));
    keyed.push_back(std::uint64_t{key} << 32 | part);
  }
  std::sort(keyed.begin(), keyed.end());
  std::vector<std::uint32_t> sorted(keyed.size());
  std::transform(keyed.begin(), keyed.end(), sorted.begin(), [](std::uint64_t k) { return std::uint32_t(k); });
  return sorted;
}

struct District {
  std::vector<std::uint32_t> parts;  ///< ascending
  std::uint32_t first_label = 0;     ///< of the numbers its parts may take: as many as it has atoms
  bool idle = true;
};

std::vector<District> find_districts(const Piece& piece, const Members& members, std::uint32_t parts,
                                     const Round& round) {
  std::vector<District> districts;
  std::uint32_t atoms = round.atoms, label = 0;
  for (const std::uint32_t part : along_curve(piece, members, parts, round.round)) {
    if (districts.empty() || atoms >= round.atoms) {
      districts.push_back({{}, label, true});
      atoms = 0;
    }
    districts.back().parts.push_back(part);
    districts.back().idle &= !round.wanted.empty() && !round.wanted[part];
    atoms += std::uint32_t(members.of(part).size());
    label += std::uint32_t(members.of(part).size());
  }
  for (District& district : districts) std::sort(district.parts.begin(), district.parts.end());
  return districts;
}

std::vector<std::uint32_t> atoms_in(const District& district, const Members& members) {
  std::vector<std::uint32_t> atoms;
  for (const std::uint32_t part : district.parts) {
    atoms.insert(atoms.end(), members.of(part).begin(), members.of(part).end());
  }
  std::sort(atoms.begin(), atoms.end());
  return atoms;
}

/// For each atom the place of its part among those of the district.
std::vector<std::uint32_t> ranks(const Division& division, const District& district,
                                 std::span<const std::uint32_t> atoms) {
  std::vector<std::uint32_t> ranks;
  ranks.reserve(atoms.size());
  for (const std::uint32_t atom : atoms) {
    const auto at = std::lower_bound(district.parts.begin(), district.parts.end(), division.part_of[atom]);
    ranks.push_back(std::uint32_t(at - district.parts.begin()));
  }
  return ranks;
}

void take_labels(std::span<const std::uint32_t> part_of, std::uint32_t parts, const District& district,
                 std::span<const std::uint32_t> atoms, std::vector<std::uint32_t>& label) {
  std::vector<std::uint32_t> number(parts, Graph::none);
  std::uint32_t next = district.first_label;
  for (std::uint32_t i = 0; i < atoms.size(); ++i) {
    std::uint32_t& n = number[part_of[i]];
    if (n == Graph::none) n = next++;
    label[atoms[i]] = n;
  }
}

}  // namespace

void renumber(Division& division) {
  std::vector<std::uint32_t> number(std::max<std::size_t>(division.part_of.size(), division.count) + 1, Graph::none);
  division.count = 0;
  for (std::uint32_t& part : division.part_of) {
    if (number[part] == Graph::none) number[part] = division.count++;
    part = number[part];
  }
}

std::vector<Part> sum_up(const Piece& piece, const Division& division) {
  std::vector<Part> parts(division.count);
  for (std::uint32_t a = 0; a < piece.size(); ++a) parts[division.part_of[a]].add(piece, a);
  for (const auto& [a, foe] : piece.foes) {
    if (a < foe && division.part_of[a] == division.part_of[foe]) ++parts[division.part_of[a]].conflicts;
  }
  return parts;
}

std::vector<bool> breaching(const Piece& piece, const Terms& terms, const Division& division) {
  const std::vector<Part> parts = sum_up(piece, division);
  std::vector<bool> found;
  for (std::uint32_t part = 0; part < parts.size(); ++part) {
    if (!breaches(parts[part], terms)) continue;
    found.resize(parts.size(), false);
    found[part] = true;
  }
  return found;
}

void work_by_districts(const Piece& piece, const Terms& terms, Division& division, const Round& round, Crew& crew,
                       const Work& work) {
  const Members members(division);
  const std::vector<District> districts = find_districts(piece, members, division.count, round);
  std::vector<std::uint32_t> district_of(division.count, 0), place(piece.size()), label(piece.size());
  for (std::uint32_t d = 0; d < districts.size(); ++d) {
    for (const std::uint32_t part : districts[d].parts) district_of[part] = d;
  }
  const auto in_district = [&](std::uint32_t d) {
    return [&, d](std::uint32_t atom) { return district_of[division.part_of[atom]] == d; };
  };
  crew.for_each(districts.size(), [&](std::size_t d) {
    const District& district = districts[d];
    const std::vector<std::uint32_t> atoms = atoms_in(district, members);
    const std::vector<std::uint32_t> before = ranks(division, district, atoms);
    const auto count = std::uint32_t(district.parts.size());
    if (district.idle) return take_labels(before, count, district, atoms, label);
    Piece local;
    extract(piece, atoms, place, in_district(std::uint32_t(d)), local);
    Parts parts(local, terms, before, count);
    Random random(crew.seed() + (std::uint64_t{round.round} << 40) + (d << 8) + 1);
    work(parts, random);
    take_labels(parts.part_of(), parts.count(), district, atoms, label);
  });
  division.part_of = std::move(label);
  renumber(division);
}

std::vector<std::vector<std::uint32_t>> components_of(const Piece& piece, const Division& division,
                                                      const std::vector<bool>& wanted) {
  if (wanted.empty()) return {};
  auto sets = connected_sets(piece, [](std::uint32_t) { return true; });
  const auto idle = [&](std::uint32_t atom) { return !wanted[division.part_of[atom]]; };
  std::erase_if(sets, [&](const auto& set) { return std::all_of(set.begin(), set.end(), idle); });
  for (auto& set : sets) std::sort(set.begin(), set.end());
  return sets;
}

namespace {

std::vector<std::uint32_t> parts_among(const Division& division, std::span<const std::uint32_t> atoms) {
  std::vector<std::uint32_t> known;
  for (const std::uint32_t atom : atoms) known.push_back(division.part_of[atom]);
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  return known;
}

Piece extracted(const Piece& piece, std::span<const std::uint32_t> atoms, std::vector<std::uint32_t>& place) {
  Piece part;
  extract(piece, atoms, place, part);
  return part;
}

}  // namespace

Excerpt::Excerpt(const Piece& piece, const Terms& terms, const Division& division, std::vector<std::uint32_t> atoms,
                 std::vector<std::uint32_t>& place)
    : atoms_(std::move(atoms)),
      known_(parts_among(division, atoms_)),
      piece_(extracted(piece, atoms_, place)),
      parts_(piece_, terms, ranks(division, {known_}, atoms_), std::uint32_t(known_.size())) {}

std::vector<std::uint32_t> Excerpt::put_back(Division& division) {
  std::vector<std::uint32_t> number = known_;
  while (number.size() < parts_.count()) number.push_back(division.count++);
  for (std::uint32_t i = 0; i < atoms_.size(); ++i) division.part_of[atoms_[i]] = number[parts_.of(i)];
  return number;
}

void work_by_components(const Piece& piece, const Terms& terms, Division& division, const std::vector<bool>& wanted,
                        Crew& crew, const Work& work) {
  auto sets = components_of(piece, division, wanted);
  std::vector<std::uint32_t> place(piece.size(), Graph::none);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    Excerpt excerpt(piece, terms, division, std::move(sets[i]), place);
    Random random(crew.seed() + (i << 8) + 2);
    work(excerpt.parts(), random);
    excerpt.put_back(division);
  }
  renumber(division);
}

}  // namespace wangge::planning
