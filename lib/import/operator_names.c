/* Names of operators; see operator_names.h. */

#include "operator_names.h"

#include "onnx_import.h"
#include "stream/support/integer.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Those that the ONNX importer does not read. */
static const char *const others[] = {
    /* ONNX */
    "AffineGrid",
    "Bernoulli",
    "BitCast",
    "CausalConvWithState",
    "Col2Im",
    "ConcatFromSequence",
    "CumProd",
    "DFT",
    "DeformConv",
    "Det",
    "GRU",
    "GridSample",
    "If",
    "ImageDecoder",
    "LSTM",
    "LinearAttention",
    "Loop",
    "MaxRoiPool",
    "MaxUnpool",
    "MelWeightMatrix",
    "Multinomial",
    "NonMaxSuppression",
    "NonZero",
    "Optional",
    "OptionalGetElement",
    "OptionalHasElement",
    "RNN",
    "RandomNormal",
    "RandomNormalLike",
    "RandomUniform",
    "RandomUniformLike",
    "RegexFullMatch",
    "RoiAlign",
    "STFT",
    "Scan",
    "SequenceAt",
    "SequenceConstruct",
    "SequenceEmpty",
    "SequenceErase",
    "SequenceInsert",
    "SequenceLength",
    "SequenceMap",
    "SplitToSequence",
    "StringConcat",
    "StringNormalizer",
    "StringSplit",
    "SwiGLU",
    "TfIdfVectorizer",
    "Unique",
    /* ONNX Runtime */
    "BiasGelu",
    "FastGelu",
    "FusedConv",
    "FusedGemm",
    "FusedMatMul",
    "GroupNorm",
    "GroupQueryAttention",
    "MatMulNBits",
    "MultiHeadAttention",
    "NhwcConv",
    "NhwcMaxPool",
    "QAttention",
    "QGemm",
    "QLinearAdd",
    "QLinearAveragePool",
    "QLinearConcat",
    "QLinearLeakyRelu",
    "QLinearMul",
    "QLinearSigmoid",
    "QLinearSoftmax",
    "QuickGelu",
    "SimplifiedLayerNormalization",
    "SkipLayerNormalization",
    "SkipSimplifiedLayerNormalization",
    /* of linalg ops, and of the workload files of ZigZag and Stream */
    "BatchMatMul",
    "Generic",
    "MinPool",
    "Pooling",
    "Rsqrt",
    "SSM",
};

static const char *name_at(int32_t i) {
    const int32_t n = (int32_t)(sizeof others / sizeof *others);
    return i < n ? others[i] : stream_onnx_operator_at(i - n);
}

bool stream_operator_is_known(const char *name) {
    const char *known;
    for (int32_t i = 0; (known = name_at(i)); ++i)
        if (!strcasecmp(known, name))
            return true;
    return false;
}

#define MOST_LETTERS 40

static bool same(char a, char b) {
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* The changes from `a` to `b`: rows[i][j] for their first i and j letters. */
static int32_t changes(const char *a, const char *b) {
    int32_t rows[MOST_LETTERS + 1][MOST_LETTERS + 1];
    int32_t n = (int32_t)strlen(a), m = (int32_t)strlen(b);
    for (int32_t i = 0; i <= n; ++i)
        for (int32_t j = 0; j <= m; ++j) {
            if (i == 0 || j == 0) {
                rows[i][j] = i + j;
                continue;
            }
            int32_t one = rows[i - 1][j] < rows[i][j - 1] ? rows[i - 1][j] : rows[i][j - 1];
            int32_t put = rows[i - 1][j - 1] + !same(a[i - 1], b[j - 1]);
            rows[i][j] = one + 1 < put ? one + 1 : put;
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]) &&
                rows[i - 2][j - 2] + 1 < rows[i][j])
                rows[i][j] = rows[i - 2][j - 2] + 1;
        }
    return rows[n][m];
}

const char *stream_operator_nearest(const char *name) {
    size_t letters = strlen(name);
    if (letters > MOST_LETTERS)
        return NULL;
    int32_t most = letters < 6 ? (int32_t)(letters / 3) : 2;
    const char *nearest = NULL, *known;
    for (int32_t i = 0; (known = name_at(i)); ++i) {
        int32_t away = strlen(known) <= MOST_LETTERS ? changes(name, known) : INT32_MAX;
        if (away < most || (away == most && !nearest)) {
            nearest = known;
            most = away;
        }
    }
    return nearest;
}
