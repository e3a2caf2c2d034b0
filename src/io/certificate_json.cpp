#include "io/certificate_json.hpp"

#include <nlohmann/json.hpp>

#include "io/features.hpp"
#include <wangge/error.hpp>
#include <wangge/io.hpp>

namespace wangge {

std::string to_json(const Certificate& c) {
  nlohmann::ordered_json json{
      {"proof", to_string(c.proof)}, {"households", c.households}, {"within_reach", c.within_reach}};
  if (!c.units.empty()) json["units"] = c.units;
  if (c.searched > 0) json["searched"] = c.searched;
  if (!c.barrier.empty()) json["barrier"] = c.barrier;
  if (!c.annexation.empty()) json["annexation"] = {{"micro_grid", c.annexation}, {"households", c.after_annexation}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Certificate io::parse_certificate(const std::string& text, const std::string& place) {
  using Proof = Certificate::Proof;
  try {
    const auto json = nlohmann::json::parse(text);
    Certificate c;
    const std::string proof = json.at("proof");
    for (const Proof known : {Proof::component, Proof::unit, Proof::matching, Proof::ring})
      if (proof == to_string(known)) c.proof = known;
    c.households = json.at("households");
    c.within_reach = json.at("within_reach");
    c.units = json.value("units", std::vector<std::string>{});
    c.searched = json.value("searched", 0u);
    c.barrier = json.value("barrier", "");
    if (json.contains("annexation")) {
      c.annexation = json["annexation"].at("micro_grid");
      c.after_annexation = json["annexation"].at("households");
    }
    return c;
  } catch (const nlohmann::json::exception&) {
    refuse(Errc::unreadable, place, "the certificate is no JSON object with proof and households");
  }
}

}  // namespace wangge
