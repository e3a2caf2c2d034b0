# Makes a C++ source of the map pages: page.html with the style sheets and scripts of each set in, cut where the data
# and Leaflet go. A page's policy admits these scripts and styles alone, by their SHA-256, so nothing in a plan can run.
# Usage: cmake -DSOURCE_DIR= -DLEAFLET_JS= -DLEAFLET_CSS= -DOUTPUT= -P embed.cmake

# Base64 of a SHA-256 given in hexadecimal digits: three digits make two characters, the last one makes one and "=".
function(base64_of_sha256 hex result)
  set(alphabet "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  set(text "")
  foreach(at RANGE 0 60 3)
    string(SUBSTRING ${hex} ${at} 3 digits)
    math(EXPR high "0x${digits} >> 6")
    math(EXPR low "0x${digits} & 63")
    string(SUBSTRING ${alphabet} ${high} 1 first)
    string(SUBSTRING ${alphabet} ${low} 1 second)
    string(APPEND text ${first}${second})
  endforeach()
  string(SUBSTRING ${hex} 63 1 digit)
  math(EXPR last "0x${digit} << 2")
  string(SUBSTRING ${alphabet} ${last} 1 final)
  set(${result} "${text}${final}=" PARENT_SCOPE)
endfunction()

# The policy's word for an inline script or style.
function(policy_source text result)
  string(SHA256 hex "${text}")
  base64_of_sha256(${hex} base64)
  set(${result} "'sha256-${base64}'" PARENT_SCOPE)
endfunction()

function(read_part name result)
  file(READ ${SOURCE_DIR}/${name} text)
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

# What a page that may load nothing cannot use: pictures beside the style sheet, the source map.
file(READ ${LEAFLET_CSS} leaflet_css)
string(REGEX REPLACE "url\\([^)]*\\)" "none" leaflet_css "${leaflet_css}")
file(READ ${LEAFLET_JS} leaflet_js)
string(REGEX REPLACE "//# sourceMappingURL=[^\n]*" "" leaflet_js "${leaflet_js}")

read_part(page.html html)
read_part(leaflet_license.txt leaflet_license)
policy_source("${leaflet_js}" leaflet_policy)

# One page of that name, cut in three where its data and Leaflet's script go: `PARTS` are scripts, `STYLES` sheets.
function(make_shell name)
  cmake_parse_arguments(PARSE_ARGV 1 page "" "TITLE;LEGEND;SIDE" "STYLES;PARTS")
  set(style "${leaflet_css}")
  foreach(sheet ${page_STYLES})
    read_part(${sheet}.css text)
    string(APPEND style "\n${text}")
  endforeach()
  set(script "(() => {\n'use strict';\n")
  foreach(part ${page_PARTS})
    read_part(${part}.js text)
    string(APPEND script "${text}\n")
  endforeach()
  string(APPEND script "})();\n")
  policy_source("${style}" style_policy)
  policy_source("${script}" script_policy)
  set(side "")
  if(page_SIDE)
    read_part(${page_SIDE} side)
  endif()
  set(page "${html}")
  string(REPLACE "{{title}}" "${page_TITLE}" page "${page}")
  string(REPLACE "{{legend}}" "${page_LEGEND}" page "${page}")
  string(REPLACE "{{side}}" "${side}" page "${page}")
  string(REPLACE "{{style_policy}}" "${style_policy}" page "${page}")
  string(REPLACE "{{script_policy}}" "${leaflet_policy} ${script_policy}" page "${page}")
  string(REPLACE "{{leaflet_license}}" "${leaflet_license}" page "${page}")
  string(REPLACE "{{style}}" "${style}" page "${page}")
  string(REPLACE "{{script}}" "${script}" page "${page}")
  set(cut ")wangge_page\",\n  R\"wangge_page(")
  string(REPLACE "{{data}}" "${cut}" page "${page}")
  string(REPLACE "{{leaflet}}" "${cut}" page "${page}")
  file(APPEND ${OUTPUT} "\nconst PageShell ${name} = {R\"wangge_page(${page})wangge_page\"};\n")
endfunction()

file(WRITE ${OUTPUT} "#include \"app/report/page_source.hpp\"

namespace wangge::app {

const std::string_view leaflet_script = R\"wangge_page(${leaflet_js})wangge_page\";
")
set(shared plan index colours tiles labels side stage)
make_shell(plan_shell TITLE "Micro-grid plan" LEGEND "Households <span lang=\"zh\">户</span> in a micro-grid"
  STYLES page PARTS ${shared} page)
make_shell(diff_shell TITLE "Changes of a plan" LEGEND "Micro-grids <span lang=\"zh\">微网格</span> by what became of them"
  SIDE diff_side.html STYLES page diff PARTS ${shared} diff_data diff)
file(APPEND ${OUTPUT} "\n}  // namespace wangge::app\n")
