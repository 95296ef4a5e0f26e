// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/embedded_files.h"

// The assembler reads the files: 5 MB cost nothing to compile. The paths come from the build (analysis/CMakeLists.txt), which also rebuilds this where one changes.
#define SHARPSCAPE_EMBED(name, path)                                                                                                       \
  asm(".pushsection .rodata,\"a\"\n.hidden sharpscape_" name "_begin\n.global sharpscape_" name "_begin\nsharpscape_" name "_begin:\n"      \
      ".incbin \"" path "\"\n.hidden sharpscape_" name "_end\n.global sharpscape_" name "_end\nsharpscape_" name "_end:\n.byte 0\n.popsection\n")

SHARPSCAPE_EMBED("report_css", SHARPSCAPE_REPORT_CSS);
SHARPSCAPE_EMBED("report_js", SHARPSCAPE_REPORT_JS);
#ifdef SHARPSCAPE_PLOTLY_JS
SHARPSCAPE_EMBED("plotly_js", SHARPSCAPE_PLOTLY_JS);
#endif

extern "C" {
extern const char sharpscape_report_css_begin[], sharpscape_report_css_end[], sharpscape_report_js_begin[], sharpscape_report_js_end[];
#ifdef SHARPSCAPE_PLOTLY_JS
extern const char sharpscape_plotly_js_begin[], sharpscape_plotly_js_end[];
#endif
}

namespace analysis {
namespace {

std::string_view between(const char* begin, const char* end) { return {begin, static_cast<std::size_t>(end - begin)}; }

}  // namespace

std::string_view reportStyle() { return between(sharpscape_report_css_begin, sharpscape_report_css_end); }
std::string_view reportScript() { return between(sharpscape_report_js_begin, sharpscape_report_js_end); }

std::string_view plotlyScript() {
#ifdef SHARPSCAPE_PLOTLY_JS
  return between(sharpscape_plotly_js_begin, sharpscape_plotly_js_end);
#else
  return {};
#endif
}

}  // namespace analysis
