#include "town/names.hpp"

#include <array>
#include <numeric>
#include <string_view>

#include "town/random.hpp"

namespace wangge::town {
namespace {

constexpr std::array<std::string_view, 40> fine_words = {
    "阳光", "锦绣", "翠湖", "金桂", "和谐", "幸福", "康乐", "吉祥", "东方", "盛世", "银杏", "紫薇", "清华", "书香",
    "名仕", "丽景", "江南", "滨河", "学府", "温馨", "安居", "富康", "百合", "玉兰", "荷塘", "梅园", "竹林", "松涛",
    "星河", "云锦", "凤凰", "明珠", "华庭", "祥和", "福临", "瑞景", "春晓", "秋实", "长青", "永安"};
constexpr std::array<std::string_view, 9> compound_kinds = {"花园", "新村", "小区", "苑", "家园",
                                                            "公寓", "华府", "名城", "里"};
constexpr std::array<std::string_view, 12> north_roads = {"人民路", "解放路", "青年路",   "发展路", "黄河路", "长江路",
                                                          "文昌路", "建设路", "洪泽湖路", "迎宾路", "朝阳路", "环城路"};
constexpr std::array<std::string_view, 12> east_roads = {"中山街", "和平街", "幸福街", "新华街", "富民街", "振兴街",
                                                         "府前街", "学院街", "工农街", "团结街", "东风街", "胜利街"};
constexpr std::array<std::string_view, 6> rivers = {"通济河", "清水河", "柳塘河", "新开河", "古运河", "南大沟"};
constexpr std::array<std::string_view, 8> towns = {"安和镇", "清河镇", "柳塘镇", "新集镇",
                                                   "永丰镇", "龙泉镇", "双桥镇", "大兴镇"};

std::string numbered(std::string_view name, std::uint32_t round, std::string_view separator = "") {
  return round == 0 ? std::string(name) : std::string(name) + std::string(separator) + std::to_string(round + 1);
}

// Walks through all of `count` items in an order of its own.
std::uint32_t strewn(std::uint64_t seed, std::uint32_t index, std::uint32_t count) {
  Random random(seed);
  std::uint32_t step = 1 + static_cast<std::uint32_t>(random.below(static_cast<int>(count)));
  while (std::gcd(step, count) != 1) ++step;
  return (index % count * step + static_cast<std::uint32_t>(random.below(static_cast<int>(count)))) % count;
}

}  // namespace

std::string compound_name(std::uint64_t seed, std::uint32_t index) {
  constexpr std::uint32_t count = fine_words.size() * compound_kinds.size();
  const std::uint32_t i = strewn(mix(seed, 31), index, count);
  const std::string name =
      std::string(fine_words[i % fine_words.size()]) + std::string(compound_kinds[i / fine_words.size()]);
  return numbered(name, index / count, " ");
}

std::string community_name(std::uint64_t seed, std::uint32_t index) {
  const std::string word(fine_words[strewn(mix(seed, 32), index, fine_words.size())]);
  return numbered(word, index / static_cast<std::uint32_t>(fine_words.size())) + "社区";
}

std::string town_name(std::uint32_t index) {
  return numbered(towns[index % towns.size()], index / static_cast<std::uint32_t>(towns.size()));
}

std::string road_name(std::uint32_t index, bool northward) {
  if (index < north_roads.size()) return std::string(northward ? north_roads[index] : east_roads[index]);
  return (northward ? "经" : "纬") + std::to_string(index + 1) + "路";
}

std::string river_name(std::uint32_t index) {
  return numbered(rivers[index % rivers.size()], index / static_cast<std::uint32_t>(rivers.size()));
}

}  // namespace wangge::town
