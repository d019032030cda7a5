/* Elements of every type in and out of doubles and int64s, and as MLIR literals. */

#include "onnx_import.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double half_value(uint16_t bits) {
    int exponent = bits >> 10 & 31, fraction = bits & 1023;
    double magnitude = exponent == 0    ? ldexp(fraction, -24)
                       : exponent == 31 ? (fraction ? (double)NAN : (double)INFINITY)
                                        : ldexp(fraction + 1024, exponent - 25);
    return bits & 0x8000 ? -magnitude : magnitude;
}

/* Round to nearest even into a format of `exponent_bits` and `fraction_bits`. */
static uint16_t narrow(double value, int exponent_bits, int fraction_bits) {
    int bias = (1 << (exponent_bits - 1)) - 1, top = (1 << exponent_bits) - 1, e = 0;
    unsigned sign = signbit(value) ? 0x8000u : 0;
    unsigned infinity = (unsigned)top << fraction_bits;
    if (isnan(value))
        return (uint16_t)(sign | infinity | 1u << (fraction_bits - 1));
    if (isinf(value))
        return (uint16_t)(sign | infinity);
    frexp(value, &e);
    e = value == 0 || e - 1 < 1 - bias ? 1 - bias : e - 1;
    double steps = nearbyint(ldexp(fabs(value), fraction_bits - e));
    unsigned bits = ((unsigned)(e + bias - 1) << fraction_bits) + (unsigned)steps;
    return (uint16_t)(sign | (bits > infinity ? infinity : bits));
}

static double brain_value(uint16_t bits) {
    uint32_t wide = (uint32_t)bits << 16;
    float value;
    memcpy(&value, &wide, 4);
    return (double)value;
}

double stream_onnx_load(onnx_type type, const uint8_t *at) {
    uint16_t half = 0;
    float single = 0;
    double value = 0;
    uint64_t wide = 0;
    switch (type) {
    case ONNX_FLOAT:
        memcpy(&single, at, 4);
        return (double)single;
    case ONNX_DOUBLE:
        memcpy(&value, at, 8);
        return value;
    case ONNX_FLOAT16:
        memcpy(&half, at, 2);
        return half_value(half);
    case ONNX_BFLOAT16:
        memcpy(&half, at, 2);
        return brain_value(half);
    case ONNX_UINT64:
        memcpy(&wide, at, 8);
        return (double)wide;
    case ONNX_UNDEFINED:
    case ONNX_UINT8:
    case ONNX_INT8:
    case ONNX_UINT16:
    case ONNX_INT16:
    case ONNX_INT32:
    case ONNX_INT64:
    case ONNX_BOOL:
    case ONNX_UINT32:
        return (double)stream_onnx_load_int(type, at);
    }
    return value;
}

/* Saturating conversion: undefined in C, and the file may hold anything. */
static int64_t to_int64(double value) {
    if (isnan(value))
        return 0;
    return value >= 9223372036854775808.0    ? INT64_MAX
           : value <= -9223372036854775808.0 ? INT64_MIN
                                             : (int64_t)value;
}

int64_t stream_onnx_load_int(onnx_type type, const uint8_t *at) {
    int64_t value = 0;
    if (stream_onnx_is_float(type))
        return to_int64(stream_onnx_load(type, at));
    size_t bytes = stream_onnx_bytes(type);
    memcpy(&value, at, bytes);
    if (stream_onnx_kind(type) == ONNX_SIGNED && bytes < 8) {
        uint64_t sign = (uint64_t)1 << (8 * bytes - 1);
        value = (int64_t)(((uint64_t)value ^ sign) - sign);
    }
    return value;
}

void stream_onnx_store(onnx_type type, uint8_t *at, double value) {
    float single = (float)value;
    uint16_t half = 0;
    if (type == ONNX_FLOAT) {
        memcpy(at, &single, 4);
    } else if (type == ONNX_DOUBLE) {
        memcpy(at, &value, 8);
    } else if (type == ONNX_FLOAT16 || type == ONNX_BFLOAT16) {
        half = type == ONNX_FLOAT16 ? narrow(value, 5, 10) : narrow(value, 8, 7);
        memcpy(at, &half, 2);
    } else {
        stream_onnx_store_int(type, at, to_int64(value));
    }
}

void stream_onnx_store_int(onnx_type type, uint8_t *at, int64_t value) {
    if (stream_onnx_is_float(type)) {
        stream_onnx_store(type, at, (double)value);
    } else if (type == ONNX_BOOL) {
        *at = value != 0;
    } else {
        memcpy(at, &value, stream_onnx_bytes(type));
    }
}

static void print_bits(stream_text *text, onnx_type type, const uint8_t *at) {
    uint64_t bits = 0;
    memcpy(&bits, at, stream_onnx_bytes(type));
    stream_text_print(text, "0x%0*llX", (int)(2 * stream_onnx_bytes(type)),
                      (unsigned long long)bits);
}

/* The shortest of three decimal forms that reads back as the same element. */
static void print_float(stream_text *text, onnx_type type, const uint8_t *at) {
    static const int digits[] = {6, 9, 17};
    char number[40];
    double value = stream_onnx_load(type, at);
    if (!isfinite(value)) {
        print_bits(text, type, at);
        return;
    }
    for (int i = 0; i < 3; ++i) {
        snprintf(number, sizeof number, "%.*e", digits[i], value);
        double back = strtod(number, NULL);
        if (back == value || (type == ONNX_FLOAT && strtof(number, NULL) == (float)value))
            break;
    }
    stream_text_str(text, number);
}

void stream_onnx_print_literal(stream_text *text, onnx_type type, const uint8_t *at) {
    if (stream_onnx_is_float(type))
        print_float(text, type, at);
    else if (type == ONNX_BOOL)
        stream_text_str(text, *at ? "true" : "false");
    else if (type == ONNX_UINT64)
        stream_text_print(text, "%llu", (unsigned long long)stream_onnx_load_int(type, at));
    else
        stream_text_print(text, "%lld", (long long)stream_onnx_load_int(type, at));
}

void stream_onnx_print_string(stream_text *text, const char *s) {
    stream_text_str(text, "\"");
    for (; *s; ++s) {
        unsigned char byte = (unsigned char)*s;
        if (byte == '"' || byte == '\\' || byte < 0x20 || byte >= 0x7f)
            stream_text_print(text, "\\%02X", byte);
        else
            stream_text_append(text, s, 1);
    }
    stream_text_str(text, "\"");
}
