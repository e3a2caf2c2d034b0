#include "app/report/page.hpp"

#include "app/report/page_data.hpp"

namespace wangge::app {

void write_page(const std::filesystem::path& file, const Plan& plan) {
  Json data = plan_json(plan);
  data["buildings"] = buildings_json(buildings_of(plan.units.units));
  write_page(file, plan_shell, data);
}

}  // namespace wangge::app
