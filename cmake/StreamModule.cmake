# stream_module(name [DEPENDS module...] [LIBRARIES lib...]): one directory of lib/ as one target,
# linked only to the modules that it may know (the order is in docs/pipeline.md).
function(stream_warnings target)
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:C>:-Wall -Wextra -Wshadow -Wconversion
    -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wundef -Wwrite-strings -Wcast-qual
    -Wno-missing-field-initializers>)
  if(STREAM_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()

if(STREAM_SANITIZE)
  add_compile_options($<$<COMPILE_LANGUAGE:C>:-fsanitize=${STREAM_SANITIZE}>
                      $<$<COMPILE_LANGUAGE:C>:-fno-sanitize-recover=all>
                      $<$<COMPILE_LANGUAGE:C>:-fno-omit-frame-pointer>)
  add_link_options(-fsanitize=${STREAM_SANITIZE})
endif()

# The fuzzers follow the coverage of the libraries.
if(STREAM_FUZZ)
  add_compile_options($<$<COMPILE_LANGUAGE:C>:-fsanitize=fuzzer-no-link>)
endif()

function(stream_module name)
  cmake_parse_arguments(arg "" "" "DEPENDS;LIBRARIES;SOURCES;INCLUDES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.c)
  add_library(stream_${name} STATIC ${sources} ${arg_SOURCES})
  add_library(Stream::${name} ALIAS stream_${name})
  set_target_properties(stream_${name} PROPERTIES OUTPUT_NAME Stream_${name} EXPORT_NAME ${name})
  target_include_directories(stream_${name}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ${arg_INCLUDES})
  foreach(module ${arg_DEPENDS})
    target_link_libraries(stream_${name} PUBLIC stream_${module})
  endforeach()
  target_link_libraries(stream_${name} PRIVATE ${arg_LIBRARIES})
  stream_warnings(stream_${name})
  set_property(GLOBAL APPEND PROPERTY STREAM_MODULES stream_${name})
endfunction()
