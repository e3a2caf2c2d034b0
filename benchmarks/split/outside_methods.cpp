#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>

#include "split/method.hpp"

namespace wangge::bench {
namespace {

namespace fs = std::filesystem;
using planning::Graph;

/// A folder that goes with its owner.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "bench_split.XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder can be made");
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  fs::path operator/(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

/// See peers.py.
void write_graph(const Instance& instance, const fs::path& path) {
  const std::unique_ptr<FILE, decltype(&std::fclose)> file(std::fopen(path.c_str(), "w"), &std::fclose);
  const Graph& graph = instance.graph;
  std::fprintf(file.get(), "%zu %zu %u %u %u\n", graph.nodes.size(), graph.links.size(), instance.target,
               instance.range.min, instance.range.max);
  for (const Graph::Node& n : graph.nodes) std::fprintf(file.get(), "%u %.2f %.2f\n", n.households, n.x_m, n.y_m);
  for (const Graph::Link& l : graph.links)
    std::fprintf(file.get(), "%u %u %.2f %d\n", l.a, l.b, double(l.border_m), link_weight(l));
}

/// What a command prints, and how it ended.
std::pair<std::string, int> output_of(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("no process for " + command);
  std::string text;
  std::array<char, 256> line;
  while (std::fgets(line.data(), line.size(), pipe) != nullptr) text += line.data();
  return {text, WEXITSTATUS(pclose(pipe))};
}

std::vector<std::uint32_t> read_parts(const fs::path& path) {
  std::ifstream file(path);
  std::vector<std::uint32_t> parts;
  for (std::uint32_t part; file >> part;) parts.push_back(part);
  return parts;
}

Answer divide_outside(const Instance& instance, const std::string& python, const std::string& method) {
  const Folder folder;
  const fs::path graph = folder / "graph", parts = folder / "parts";
  write_graph(instance, graph);
  const std::string script = WANGGE_PEERS;
  const auto [text, status] =
      output_of(python + " '" + script + "' " + method + " " + graph.string() + " " + parts.string() + " 2>&1");
  Answer answer;
  const std::size_t figures = text.find("wangge-peer ");
  if (status != 0 || figures == std::string::npos) {
    const std::size_t last = text.empty() ? 0 : text.find_last_of('\n', text.size() - 2) + 1;
    answer.failure = text.substr(last, text.find_last_not_of('\n') + 1 - last);
    if (answer.failure.empty()) answer.failure = "ended with status " + std::to_string(status);
    return answer;
  }
  std::sscanf(text.c_str() + figures, "wangge-peer %lf %lf %lf", &answer.cpu_s, &answer.wall_s, &answer.peak_mb);
  answer.part_of_node = read_parts(parts);
  return answer;
}

}  // namespace

std::vector<Method> outside_methods(const std::string& python) {
  std::vector<Method> methods;
  const auto add = [&](const char* name, const char* method, std::size_t most_nodes) {
    methods.push_back(
        {name, 1, most_nodes, [=](const Instance& instance) { return divide_outside(instance, python, method); }});
  };
  constexpr std::size_t city = 100'000, neighbourhood = 3'000;
  add("KaHIP unit", "kahip-unit", city);
  add("KaHIP length", "kahip-length", city);
  add("KaMinPar unit", "kaminpar-unit", city);
  add("KaMinPar length", "kaminpar-length", city);
  add("spopt MaxP", "max-p", neighbourhood);
  add("GerryChain", "gerrychain", neighbourhood);
  return methods;
}

}  // namespace wangge::bench
