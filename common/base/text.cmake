# Makes text_rows.h of common/web/text.vi and text.en: included by CMakeLists.txt it adds the step to
# dantin_base; run as a script (-DVI= -DEN= -DTO=) it is the step.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(text_rows ${CMAKE_BINARY_DIR}/generated/text_rows.h)
  add_custom_command(OUTPUT ${text_rows}
    COMMAND ${CMAKE_COMMAND} -DVI=${CMAKE_SOURCE_DIR}/common/web/text.vi
      -DEN=${CMAKE_SOURCE_DIR}/common/web/text.en -DTO=${text_rows} -P ${CMAKE_CURRENT_LIST_FILE}
    DEPENDS ${CMAKE_SOURCE_DIR}/common/web/text.vi ${CMAKE_SOURCE_DIR}/common/web/text.en
      ${CMAKE_CURRENT_LIST_FILE}
    VERBATIM)
  target_sources(dantin_base PRIVATE ${text_rows})
  target_include_directories(dantin_base PRIVATE ${CMAKE_BINARY_DIR}/generated)
  return()
endif()

cmake_minimum_required(VERSION 3.25)
# Characters that mean something in a CMake list stand aside while the lines are one.
string(ASCII 29 aside_close)
string(ASCII 30 aside_open)
string(ASCII 31 aside_semicolon)

# read_sentences(file prefix): PREFIX_KEY is the sentence as a C literal; the keys are in
# keys_of_PREFIX.
macro(read_sentences file prefix)
  file(READ ${file} text)
  if(text MATCHES "\\\\")
    message(FATAL_ERROR "${file}: a backslash may not stand in a sentence")
  endif()
  string(REPLACE "\r" "" text "${text}")
  string(REPLACE ";" "${aside_semicolon}" text "${text}")
  string(REPLACE "[" "${aside_open}" text "${text}")
  string(REPLACE "]" "${aside_close}" text "${text}")
  string(REPLACE "\n" ";" text "${text}")
  set(line_number 0)
  foreach(line IN LISTS text)
    math(EXPR line_number "${line_number} + 1")
    if(line STREQUAL "" OR line MATCHES "^#")
      continue()
    endif()
    if(NOT line MATCHES "^([A-Za-z0-9_]+) = (.*[^ ])$")
      message(FATAL_ERROR "${file}:${line_number}: expected key = sentence")
    endif()
    set(key "${CMAKE_MATCH_1}")
    set(sentence "${CMAKE_MATCH_2}")
    if(DEFINED ${prefix}_${key})
      message(FATAL_ERROR "${file}:${line_number}: ${key} stands here a second time")
    endif()
    string(REPLACE "\"" "\\\"" sentence "${sentence}")
    string(REPLACE "${aside_semicolon}" ";" sentence "${sentence}")
    string(REPLACE "${aside_open}" "[" sentence "${sentence}")
    string(REPLACE "${aside_close}" "]" sentence "${sentence}")
    set(${prefix}_${key} "${sentence}")
    list(APPEND keys_of_${prefix} ${key})
  endforeach()
endmacro()

read_sentences(${VI} vi)
read_sentences(${EN} en)
set(keys ${keys_of_vi} ${keys_of_en})
list(REMOVE_DUPLICATES keys)
list(SORT keys) # text.c searches by halves
set(rows "// Made of common/web/text.vi and text.en: see common/base/text.cmake.\n")
foreach(key IN LISTS keys)
  foreach(prefix vi en)
    if(NOT DEFINED ${prefix}_${key})
      message(FATAL_ERROR "text.${prefix} lacks the key ${key}")
    endif()
  endforeach()
  string(APPEND rows "{\"${key}\", {\"${vi_${key}}\", \"${en_${key}}\"}},\n")
endforeach()
file(WRITE ${TO} "${rows}")
