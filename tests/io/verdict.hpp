#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include <wangge/error.hpp>

namespace wangge {

/// What a call that must be refused says. A refusal is one line.
struct Refusal {
  Errc code = Errc::stopped;
  std::string text;
  bool mentions(const std::string& part) const { return text.find(part) != std::string::npos; }
};

inline Refusal refusal_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    const std::string text = error.what();
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
    return {error.code(), text};
  }
  ADD_FAILURE() << "was not refused";
  return {};
}

}  // namespace wangge
