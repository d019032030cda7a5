# MLIR 22. Debian keeps it under /usr/lib/llvm-22, outside CMake's default prefixes.
list(APPEND CMAKE_PREFIX_PATH /usr/lib/llvm-22)
find_package(MLIR 22.1 REQUIRED CONFIG)
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)

# The C API exists only as static archives; the rest of MLIR is in libMLIR.so. Linking the imported
# targets (MLIRCAPIIR ...) would drag a second, static MLIR in: take the archive files alone.
add_library(stream_mlir_c INTERFACE)
foreach(lib IR Linalg Func SCF ControlFlow Tensor Arith Index Math Transforms Interfaces RegisterEverything
            ExecutionEngine Bufferization Conversion Debug)
  target_link_libraries(stream_mlir_c INTERFACE $<TARGET_FILE:MLIRCAPI${lib}>)
endforeach()
target_link_libraries(stream_mlir_c INTERFACE MLIR LLVM)
target_include_directories(stream_mlir_c SYSTEM INTERFACE ${MLIR_INCLUDE_DIRS} ${LLVM_INCLUDE_DIRS})
separate_arguments(stream_llvm_definitions NATIVE_COMMAND ${LLVM_DEFINITIONS})
target_compile_options(stream_mlir_c INTERFACE ${stream_llvm_definitions})
target_compile_options(stream_mlir_c INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions>)
if(NOT LLVM_ENABLE_RTTI)
  target_compile_options(stream_mlir_c INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fno-rtti>)
endif()
# llvm::Statistic, a member of pass objects, has another layout without NDEBUG; libMLIR has it.
if(NOT LLVM_ENABLE_ASSERTIONS)
  target_compile_definitions(stream_mlir_c INTERFACE $<$<COMPILE_LANGUAGE:CXX>:NDEBUG>)
endif()
