# make install: headers, static libraries, tools, plugin, a CMake package (find_package(Stream)) and a
# pkg-config file. The C library stands alone; tools and plugin come with MLIR builds.
include(CMakePackageConfigHelpers)

get_property(stream_modules GLOBAL PROPERTY STREAM_MODULES)
install(DIRECTORY include/stream DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS ${stream_modules} EXPORT StreamTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT StreamTargets NAMESPACE Stream:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Stream)

configure_package_config_file(cmake/StreamConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/StreamConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Stream)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/StreamConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/StreamConfig.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/StreamConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Stream)

# Static archives in link order: a module before the modules that it uses.
set(stream_pc_libs "")
foreach(module ${stream_modules})
  get_target_property(archive ${module} OUTPUT_NAME)
  set(stream_pc_libs "-l${archive} ${stream_pc_libs}")
endforeach()
# Relative to itself, so that the tree can be moved.
file(RELATIVE_PATH stream_pc_up /root/${CMAKE_INSTALL_LIBDIR}/pkgconfig /root)
configure_file(cmake/stream.pc.in ${CMAKE_CURRENT_BINARY_DIR}/stream.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/stream.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY examples/ DESTINATION ${CMAKE_INSTALL_DATADIR}/stream/examples)
