#include "app/findings.hpp"

#include <cstdio>
#include <map>
#include <string_view>

#include <wangge/io.hpp>

namespace wangge::app {
namespace {

nlohmann::ordered_json finding_to_json(const Finding& f) {
  const LngLat place = to_degrees(f.place);
  nlohmann::ordered_json json{{"kind", to_string(f.kind)}, {"code", f.code},   {"unit", f.unit},
                              {"lng", place.lng},          {"lat", place.lat}, {"text", f.text}};
  if (f.certificate) json["certificate"] = nlohmann::ordered_json::parse(to_json(*f.certificate));
  return json;
}

}  // namespace

bool leaves_a_wish(const Finding& f) {
  switch (f.kind) {
    case Finding::Kind::hamlet:
    case Finding::Kind::tower:
    case Finding::Kind::out_of_range:
    case Finding::Kind::lumpy:
    case Finding::Kind::unproven:
    case Finding::Kind::attribute:
    case Finding::Kind::apart:
    case Finding::Kind::unassigned:
    case Finding::Kind::straddler:
      return true;
    default:
      return false;
  }
}

void print_findings(std::span<const Finding> findings) {
  std::map<std::string_view, std::size_t> by_kind;
  for (const Finding& finding : findings) ++by_kind[to_string(finding.kind)];
  for (const auto& [kind, count] : by_kind)
    std::printf("%6zu  %.*s\n", count, static_cast<int>(kind.size()), kind.data());
  for (const Finding& finding : findings)
    if (finding.kind == Finding::Kind::input) std::printf("note: %s\n", finding.text.c_str());
}

nlohmann::ordered_json findings_to_json(std::span<const Finding> findings) {
  auto list = nlohmann::ordered_json::array();
  for (const Finding& finding : findings) list.push_back(finding_to_json(finding));
  return list;
}

}  // namespace wangge::app
