# lit configuration: unit programs (unit/*/*.c), FileCheck tests (*.mlir, *.test) and scripts.
import os
import shutil

import lit.formats

config.name = "Stream"
config.test_format = lit.formats.ShTest(execute_external=True)
config.suffixes = [".mlir", ".test", ".c"]
# Sources of test programs that other files run, and corpora.
config.excludes = ["Inputs", "fuzz", "golden", "corpus", "user.c", "same_results.c"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.stream_build_dir, "test")


def prepend(name, *directories):
    old = os.environ.get(name, "")
    config.environment[name] = os.pathsep.join([*directories, old] if old else directories)


prepend("PATH", os.path.join(config.stream_build_dir, "bin"), config.llvm_tools_dir)
for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "HOME", "STREAM_GOLDEN_DATA"):
    if name in os.environ:
        config.environment[name] = os.environ[name]
if config.sanitize:
    # libMLIR and libLLVM are not instrumented: containers cross the boundary, and their own leaks are theirs.
    config.environment["ASAN_OPTIONS"] = "detect_leaks=0:detect_container_overflow=0"
    config.environment["UBSAN_OPTIONS"] = "halt_on_error=1:print_stacktrace=1"
    config.available_features.add("sanitize")

# scripts/setup tests installs it; reports are opened in it.
if shutil.which("chromium"):
    config.available_features.add("chromium")

# A directory of reference data that is not ours to ship; tests that read it are skipped without it.
if os.environ.get("STREAM_GOLDEN_DATA"):
    config.available_features.add("golden-data")

# A directory of linalg files that are not ours: test/e2e/matrix.test runs all of them.
if "STREAM_LINALG_DIR" in os.environ:
    config.available_features.add("linalg-dir")

config.substitutions += [
    ("%source", config.stream_source_dir),
    ("%build", config.stream_build_dir),
    ("%examples", os.path.join(config.stream_source_dir, "examples")),
    ("%plugin", os.path.join(config.stream_build_dir, "lib", "StreamPlugin.so")),
    ("%linalg_dir", os.environ.get("STREAM_LINALG_DIR", "")),
    ("%mlir_lib_dir", config.llvm_lib_dir),
    ("%cmake_sanitize", f"-DCMAKE_C_FLAGS=-fsanitize={config.sanitize}" if config.sanitize else ""),
    ("%sanitize", f"-fsanitize={config.sanitize}" if config.sanitize else ""),
    ("%cc", config.cc),
]
