#include <nlohmann/json.hpp>

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

}  // namespace wangge
