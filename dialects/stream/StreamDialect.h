// The C++ classes that ODS generates; for the C++ glue alone.
#ifndef STREAM_DIALECT_H
#define STREAM_DIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"

#include "StreamDialect.h.inc"
#define GET_ATTRDEF_CLASSES
#include "StreamAttrs.h.inc"
#define GET_OP_CLASSES
#include "StreamOps.h.inc"

#endif
