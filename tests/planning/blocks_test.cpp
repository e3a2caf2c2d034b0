#include "planning/blocks.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "planning/components.hpp"
#include "planning/graph_tools.hpp"

namespace wangge::planning {
namespace {

Piece piece_of(const Graph& graph, const PartitionOptions& options) {
  const Components components = find_components(graph);
  std::vector<std::uint32_t> place(graph.nodes.size());
  return prepare(graph, components.nodes_of(0), components.links_of(0), Terms(options), place).piece;
}

/// Four blocks of eight houses; one holds 120 households, more than any part could.
const char* const four_blocks = R"(
    5 5 5 5 : 4 4 4 4
    5 5 5 5 : 4 4 4 4
    .
    15 15 15 15 : 9 0 0 9
    15 15 15 15 : 9 0 0 9 )";

double price_of(const Piece& piece, const std::vector<std::uint32_t>& atoms, const Terms& terms) {
  Part part;
  for (const std::uint32_t atom : atoms) part.add(piece, atom);
  return price(part, terms);
}

TEST(Blocks, BecomeOneAtomWhereAPartCouldHoldThem) {
  const Terms terms{PartitionOptions{}};
  const Piece fine = piece_of(draw(four_blocks), {});
  const Coarse coarse = coarsen(fine, terms).value();
  EXPECT_EQ(coarse.piece.size(), 3u + 8u);
  std::uint32_t households = 0;
  for (const Atom& atom : coarse.piece.atoms) households += atom.households;
  EXPECT_EQ(households, 40u + 32u + 120u + 36u);
}

TEST(Blocks, CostTheSameAsTheirAtoms) {
  const Terms terms{PartitionOptions{}};
  const Piece fine = piece_of(draw(four_blocks), {});
  const Coarse coarse = coarsen(fine, terms).value();
  std::vector<std::uint32_t> all(coarse.piece.size());
  std::iota(all.begin(), all.end(), 0u);
  const std::vector<std::uint32_t> few(all.begin(), all.begin() + 5);
  for (const auto& set : {all, few}) {
    std::vector<std::uint32_t> atoms;
    for (std::uint32_t a = 0; a < fine.size(); ++a) {
      if (coarse.atom_of[a] < set.size()) atoms.push_back(a);
    }
    const double price = price_of(fine, atoms, terms);
    ASSERT_GT(price, 0);
    EXPECT_NEAR(price_of(coarse.piece, set, terms), price, 1e-4 * price);
  }
}

TEST(Blocks, AreLeftAloneInComponentsThatAreDividedExactly) {
  const Piece fine = piece_of(draw("20 20 : 20 20"), {});
  EXPECT_FALSE(coarsen(fine, Terms{PartitionOptions{}}));
}

TEST(Blocks, AreDearToCutInsideByWhatTheyHold) {
  PartitionOptions options;
  options.weights.block = 5;
  const Piece piece = piece_of(draw("25 25 : 50 51"), options);
  const auto cut = [&](std::uint32_t a, std::uint32_t b) {
    for (const Arc& arc : piece.arcs_of(a)) {
      if (arc.to == b) return double(arc.cut_m);
    }
    return 0.0;
  };
  EXPECT_NEAR(cut(0, 1), 20 * (1 + 5 * 0.5), 1e-4);
  EXPECT_NEAR(cut(1, 2), 20 * options.weights.cut_street, 1e-4);
  EXPECT_NEAR(cut(2, 3), 20, 1e-4) << "no part could hold 101";
}

TEST(Blocks, StayWholeWhereTheirSizesAddUp) {
  const Partition plan = partition(draw(R"(
      9 9 9 9 : 8 8 8 8
      .
      9 9 9 9 : 8 8 8 8
      .
      9 9 9 9 : 8 8 8 8
      .
      9 9 9 9 : 8 8 8 8 )"),
                                   {});
  for (std::uint32_t node = 0; node < 32; ++node) {
    EXPECT_EQ(plan.part_of_node[node], plan.part_of_node[node / 4 * 4]) << node;
  }
}

TEST(SizePrice, IsLittleInTheMiddleAndFullAtABound) {
  PartitionOptions options;
  options.weights.deviation = 6, options.weights.size = 0;
  const Terms terms(options);
  EXPECT_EQ(terms.size_price(75), 0);
  EXPECT_NEAR(terms.size_price(50), 6, 1e-5);
  EXPECT_NEAR(terms.size_price(100), 6, 1e-5);
  EXPECT_LT(terms.size_price(62), 0.05);
  EXPECT_GT(terms.size_price(49), 100);
}

TEST(SizePrice, TellsWhatIsNearABoundFromWhatIsNot) {
  PartitionOptions options;
  options.weights.deviation = 8, options.weights.size = 0;
  const Terms terms(options);
  EXPECT_NEAR(terms.size_price(55), 4, 0.01);
  EXPECT_NEAR(terms.size_price(95), 4, 0.01);
  EXPECT_LT(terms.size_price(58), 0.3);
  EXPECT_GT(terms.size_price(52), 7.7);
}

TEST(LengthPrice, IsNothingForTheRoundAndFullForTheLong) {
  PartitionOptions options;
  options.weights.elongation = 8;
  const Terms terms(options);
  const auto rectangle = [](double width, double height) {
    const double area_m2 = width * height;
    return Land<double>{area_m2, 0, 0, area_m2 * width * width / 12, 0, area_m2 * height * height / 12};
  };
  EXPECT_EQ(terms.length_price(rectangle(200, 100), 200.0), 0);
  EXPECT_EQ(terms.length_price(rectangle(100, 200), 200.0), 0);
  EXPECT_NEAR(terms.length_price(rectangle(280, 100), 200.0), 2, 1e-5);
  EXPECT_NEAR(terms.length_price(rectangle(100, 330), 200.0), 8, 1e-5);
  EXPECT_NEAR(terms.length_price(rectangle(100, 900), 300.0), 8, 1e-5);
  EXPECT_NEAR(terms.length_price(rectangle(100, 900), 150.0), 2, 1e-5) << "on three quarters nobody lives";
  EXPECT_EQ(terms.length_price(Land<double>{}, 100.0), 0);
}

TEST(SizePrice, LeansToSmallParts) {
  PartitionOptions options;
  options.range = {40, 250}, options.target = 125;
  options.weights.deviation = 0, options.weights.size = 2;
  const Terms terms(options);
  EXPECT_EQ(terms.size_price(40), 0);
  EXPECT_NEAR(terms.size_price(165), 2, 1e-5);
}

}  // namespace
}  // namespace wangge::planning
