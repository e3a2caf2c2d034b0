#include "io/ogr_history.hpp"

#include <openssl/evp.h>

#include <array>

#include "io/cells.hpp"
#include <wangge/error.hpp>
#include <wangge/io.hpp>

namespace wangge::io {
namespace {

std::string sha256(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    throw Error(Errc::unsupported, "this build of OpenSSL has no SHA-256");
  constexpr char digits[] = "0123456789abcdef";
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += digits[digest[i] >> 4], hex += digits[digest[i] & 15];
  return hex;
}

std::string hash_of(const std::string& previous, const std::string& json) { return sha256(previous + "\n" + json); }

class HistoryReader {
 public:
  HistoryReader(const FeatureFile& file, const Layer& layer) : file_(file), layer_(layer) {}

  std::vector<ChangeSet> read() {
    const bool hashed = column("hash").has_value();
    if (!hashed && layer_.features.size() > 1)
      refuse("has no column hash; a history of several revisions does not go without");
    for (const Feature& row : layer_.features) {
      revision_ = text(row, "revision");
      const std::string json = text(row, "json");
      if (hashed) check_link(row, json);
      history_.push_back(parse_changes(json, place()));
      check_row(row, hashed);
    }
    return std::move(history_);
  }

 private:
  std::string place() const { return place_of(file_, layer_) + ", revision " + revision_; }
  [[noreturn]] void refuse(const std::string& what) const { io::refuse(Errc::unreadable, place(), what); }

  std::optional<std::size_t> column(std::string_view name) const { return find_field(layer_.fields, std::span(&name, 1)); }
  std::string text(const Feature& row, std::string_view name) const {
    const auto at = column(name);
    return at ? to_text(row.values[*at]) : std::string();
  }

  void check_link(const Feature& row, const std::string& json) {
    if (text(row, "previous") != last_hash_)
      refuse("does not follow the row before it; a row was taken out or put in by hand");
    last_hash_ = hash_of(last_hash_, json);
    if (text(row, "hash") != last_hash_) refuse("was altered by hand: its hash does not fit; take an earlier copy");
  }

  void check_row(const Feature& row, bool hashed) const {
    const ChangeSet& changes = history_.back();
    const auto differs = [&](const char* name) {
      refuse(std::string("was altered by hand: its ") + name + " is not the one that was hashed");
    };
    if (revision_ != std::to_string(changes.base_revision + 1)) differs("revision");
    if (text(row, "reason") != changes.reason) differs("reason");
    if (hashed && text(row, "author") != changes.author) differs("author");
    if (history_.size() > 1 && changes.base_revision != history_[history_.size() - 2].base_revision + 1)
      refuse("does not follow revision " + std::to_string(history_[history_.size() - 2].base_revision + 1));
  }

  const FeatureFile& file_;
  const Layer& layer_;
  std::vector<ChangeSet> history_;
  std::string revision_, last_hash_;
};

}  // namespace

void write_history(GeoPackage& package, std::span<const ChangeSet> history) {
  auto table = package.create("changes", wkbNone,
                              {{"revision", OFTInteger64},
                               {"time", OFTDateTime},
                               {"reason", OFTString},
                               {"author", OFTString},
                               {"json", OFTString},
                               {"previous", OFTString},
                               {"hash", OFTString}});
  std::string last_hash;
  for (const ChangeSet& changes : history) {
    const std::string json = to_json(changes), hash = hash_of(last_hash, json);
    table.whole(static_cast<std::int64_t>(changes.base_revision + 1)).text(changes.time).text(changes.reason);
    table.text(changes.author).text(json).text(last_hash).text(hash).add();
    last_hash = hash;
  }
}

std::vector<ChangeSet> read_history(const FeatureFile& file, const Layer& layer) {
  return HistoryReader(file, layer).read();
}

}  // namespace wangge::io
