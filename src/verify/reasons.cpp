#include "verify/reasons.hpp"

namespace wangge::verify {

Reasons::Reasons(const PlanFile& file) {
  for (const Finding& finding : file.findings) certificates_[finding.code].emplace(finding.kind, finding.certificate);
  for (const Area& area : file.areas) {
    if (certificates_.contains(area.code)) continue;
    std::string word;
    for (const char c : area.finding + " ") {
      if ((c >= 'a' && c <= 'z') || c == '_') {
        word += c;
      } else {
        if (!word.empty()) certificates_[area.code].emplace(word, "");
        word.clear();
      }
    }
  }
}

const std::string* Reasons::find(const std::string& code, std::string_view kind) const {
  const auto kinds = certificates_.find(code);
  if (kinds == certificates_.end()) return nullptr;
  const auto found = kinds->second.find(kind);
  return found == kinds->second.end() ? nullptr : &found->second;
}

}  // namespace wangge::verify
