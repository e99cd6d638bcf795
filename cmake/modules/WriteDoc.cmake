# Makes a page of OUTPUT from INPUT, which mlir-tblgen generated: takes away the
# table of contents that only its site expands, and adds TITLE if there is none.
file(READ "${INPUT}" page)
string(REPLACE "\n[TOC]\n" "" page "${page}")
if(TITLE)
  string(REPLACE "edit -->\n" "edit -->\n\n# ${TITLE}\n" page "${page}")
endif()
file(WRITE "${OUTPUT}" "${page}")
