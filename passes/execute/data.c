/* Pseudo-random inputs, and elements as numbers. */

#include "internal.h"

#include <math.h>
#include <string.h>

int32_t stream_execute_element_bytes(MlirType element) {
    int32_t bits = stream_ir_element_bits(element), bytes = 1;
    if (!mlirTypeIsAInteger(element) || bits > 64)
        return bits % 8 ? 0 : bits / 8;
    while (8 * bytes < bits)
        bytes *= 2;
    return bytes;
}

int64_t stream_execute_elements(MlirType tensor) {
    int64_t n = 1;
    for (intptr_t d = 0; d < mlirShapedTypeGetRank(tensor); ++d)
        n *= mlirShapedTypeGetDimSize(tensor, d);
    return n;
}

/* splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014. */
static uint64_t mix(uint64_t x) {
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static uint16_t half_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    int32_t exponent = (int32_t)(bits >> 23 & 0xff) - 127 + 15;
    uint32_t sign = bits >> 16 & 0x8000, mantissa = bits >> 13 & 0x3ff;
    if (exponent <= 0)
        return (uint16_t)sign;
    return (uint16_t)(sign | (uint32_t)exponent << 10 | mantissa);
}

static void store_float(MlirType element, double value, unsigned char *to) {
    float single = (float)value;
    uint32_t bits;
    memcpy(&bits, &single, sizeof bits);
    uint16_t half = mlirTypeIsABF16(element) ? (uint16_t)(bits >> 16) : half_of(single);
    switch (mlirFloatTypeGetWidth(element)) {
    case 64:
        memcpy(to, &value, sizeof value);
        break;
    case 32:
        memcpy(to, &single, sizeof single);
        break;
    case 16:
        memcpy(to, &half, sizeof half);
        break;
    default: /* 8-bit floats: small exponents, no NaN in any of the formats */
        *to = (unsigned char)(bits >> 24 & 0xbf);
    }
}

static void fill_floats(MlirType tensor, uint64_t key, int64_t n, int32_t size,
                        unsigned char *bytes) {
    MlirType element = mlirShapedTypeGetElementType(tensor);
    bool vector = mlirShapedTypeGetRank(tensor) < 2;
    double rows = vector ? 1 : (double)mlirShapedTypeGetDimSize(tensor, 0);
    double scale = sqrt(3.0 * rows / (double)n);
    for (int64_t i = 0; i < n; ++i) {
        double unit = (double)(mix(key + (uint64_t)i) >> 11) * 0x1p-53;
        store_float(element, vector ? 0.5 + unit : (2 * unit - 1) * scale, bytes + i * size);
    }
}

/* Signed values of one bit are 0 and -1: an index is 0, a divisor the other. */
static uint64_t end_of(stream_execute_range range, int32_t bits) {
    bool no_sign = range.below > 0 || (range.positive && bits > 1);
    uint64_t end = bits > 16 ? 8 : UINT64_C(1) << (no_sign ? bits - 1 : bits);
    return range.below > 0 && (uint64_t)range.below < end ? (uint64_t)range.below : end;
}

static void fill_integers(uint64_t key, int64_t n, int32_t size, int32_t bits,
                          stream_execute_range range, unsigned char *bytes) {
    uint64_t end = end_of(range, bits), first = range.positive && end > 1;
    for (int64_t i = 0; i < n; ++i) {
        uint64_t value = first + mix(key + (uint64_t)i) % (end - first);
        for (int32_t b = 0; b < size; ++b, value = b < 8 ? value >> 8 : 0)
            bytes[i * size + b] = (unsigned char)value;
    }
}

void stream_execute_fill(MlirType tensor, const stream_execute_options *options, int32_t index,
                         unsigned char *bytes) {
    MlirType element = mlirShapedTypeGetElementType(tensor);
    int64_t n = stream_execute_elements(tensor);
    int32_t size = stream_execute_element_bytes(element);
    uint64_t key = mix(mix(options->seed) ^ (uint64_t)index);
    stream_execute_range range =
        index < options->n_ranges ? options->ranges[index] : (stream_execute_range){0};
    if (mlirTypeIsAFloat(element))
        fill_floats(tensor, key, n, size, bytes);
    else
        fill_integers(key, n, size, stream_ir_element_bits(element), range, bytes);
}

void stream_execute_trim(MlirType tensor, unsigned char *bytes) {
    MlirType element = mlirShapedTypeGetElementType(tensor);
    int64_t n = stream_execute_elements(tensor);
    int32_t size = stream_execute_element_bytes(element), used = stream_ir_element_bits(element);
    if (!mlirTypeIsAInteger(element) || used >= 8 * size)
        return;
    for (int64_t i = 0; i < n; ++i)
        for (int32_t b = used / 8; b < size; ++b) {
            int32_t kept = b == used / 8 ? used % 8 : 0;
            bytes[i * size + b] &= (unsigned char)((1 << kept) - 1);
        }
}

static double half_value(uint16_t bits) {
    double sign = bits & 0x8000 ? -1 : 1, mantissa = bits & 0x3ff;
    int exponent = bits >> 10 & 0x1f;
    if (exponent == 31)
        return mantissa != 0 ? NAN : sign * INFINITY;
    return exponent ? sign * ldexp(1024 + mantissa, exponent - 25) : sign * ldexp(mantissa, -24);
}

static double float_value(MlirType element, uint64_t bits) {
    double wide;
    float single;
    uint32_t low = (uint32_t)bits;
    switch (mlirFloatTypeGetWidth(element)) {
    case 64:
        memcpy(&wide, &bits, sizeof wide);
        return wide;
    case 32:
        memcpy(&single, &low, sizeof single);
        return (double)single;
    case 16:
        if (!mlirTypeIsABF16(element))
            return half_value((uint16_t)bits);
        low <<= 16;
        memcpy(&single, &low, sizeof single);
        return (double)single;
    default:
        return (double)bits; /* the bit pattern of an 8-bit float */
    }
}

double stream_execute_value(MlirType element, const unsigned char *bytes) {
    int32_t size = stream_execute_element_bytes(element), width = stream_ir_element_bits(element);
    uint64_t bits = 0;
    for (int32_t b = 0; b < size && b < 8; ++b)
        bits |= (uint64_t)bytes[b] << 8 * b;
    if (mlirTypeIsAFloat(element))
        return float_value(element, bits);
    uint64_t sign = width > 1 && width < 64 ? (uint64_t)1 << (width - 1) : 0;
    bool is_unsigned = mlirTypeIsAInteger(element) && mlirIntegerTypeIsUnsigned(element);
    return is_unsigned ? (double)bits : (double)(int64_t)((bits ^ sign) - sign);
}
