#include <iostream>

#include <wangge/wangge.hpp>

int main() {
  const wangge::Ring square{
      {1183000000, 339600000}, {1183010000, 339600000}, {1183010000, 339610000}, {1183000000, 339610000}};
  const wangge::GridRecord grid{"320902001", "", wangge::Level::grid, "", wangge::Kind::general, {{square, {}}}};
  const wangge::GridMap map = wangge::GridMap::build({&grid, 1});
  const wangge::GridId id = map.locate(wangge::LngLat{118.3005, 33.9605});
  std::cout << map.code(id) << "\n";
  return map.locate(wangge::LngLat{0, 0}) == wangge::GridId::none ? 0 : 1;
}
