/* Top memories as the scheduler sees them; see stream/hardware/accelerator.h. */

#include "internal.h"

#include "stream/support/integer.h"
#include "stream/support/vec.h"

#include <inttypes.h>

/* Index of the memory that is on top for `operand`, or -1. */
static int32_t top_level(const stream_core *core, stream_operand_class operand) {
    for (int32_t m = core->n_memories; m-- > 0;)
        if (core->memories[m].operands >> operand & 1)
            return m;
    return -1;
}

static int64_t word_bits(const stream_memory *memory) {
    int64_t word = memory->ports[0].bandwidth_min_bits;
    for (int32_t p = 1; p < memory->n_ports; ++p)
        word = stream_min_i64(word, memory->ports[p].bandwidth_min_bits);
    return word % 8 == 0 ? word : 8;
}

/* owner[c]: the core whose memories core c uses as its top memories. */
static stream_status find_owners(const stream_accelerator *acc, int32_t *owner,
                                 const stream_diag *diag) {
    for (int32_t c = 0; c < acc->n_cores; ++c)
        owner[c] = -1;
    for (int32_t s = 0; s < acc->n_sharings; ++s) {
        const stream_sharing *sharing = &acc->sharings[s];
        for (int32_t i = 0; i < sharing->n_cores && !sharing->operands; ++i) {
            int32_t c = sharing->cores[i];
            if (owner[c] >= 0)
                return stream_error(diag, STREAM_INVALID, acc->cores[c].place,
                                    "core %d ('%s') is in two lists of cores that share a memory; "
                                    "write them as one list",
                                    c, acc->cores[c].name);
            owner[c] = sharing->cores[0];
        }
    }
    for (int32_t c = 0; c < acc->n_cores; ++c)
        if (owner[c] < 0)
            owner[c] = c;
    return STREAM_OK;
}

static void add_owned(const stream_accelerator *acc, int32_t c, int32_t *top,
                      stream_vec *instances) {
    const stream_core *core = &acc->cores[c];
    int32_t levels[STREAM_N_OPERANDS];
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        levels[o] = top_level(core, (stream_operand_class)o);
        top[o] = -1;
        for (int32_t k = 0; k < o && levels[o] >= 0; ++k)
            if (levels[k] == levels[o])
                top[o] = top[k];
        if (levels[o] < 0 || top[o] >= 0)
            continue;
        const stream_memory *memory = &core->memories[levels[o]];
        top[o] = (int32_t)instances->n;
        *(stream_instance *)stream_vec_push(instances) =
            (stream_instance){.core = c,
                              .level = levels[o],
                              .size_bits = memory->size_bits,
                              .word_bits = word_bits(memory)};
    }
}

/* Core `c` uses the top memories of `owner`: they must be the same memories. */
static stream_status share(const stream_accelerator *acc, int32_t c, int32_t owner,
                           const int32_t *owner_top, int32_t *top, const stream_instance *instances,
                           const stream_diag *diag) {
    const stream_core *core = &acc->cores[c];
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        int32_t level = top_level(core, (stream_operand_class)o);
        const char *operand = stream_operand_class_name((stream_operand_class)o);
        top[o] = level < 0 ? -1 : owner_top[o];
        if (level < 0)
            continue;
        if (owner_top[o] < 0)
            return stream_error(diag, STREAM_INVALID, core->place,
                                "core %d ('%s') shares the memory of core %d, which holds no %s", c,
                                core->name, owner, operand);
        if (core->memories[level].size_bits != instances[owner_top[o]].size_bits)
            return stream_error(diag, STREAM_INVALID, core->memories[level].loc,
                                "cores %d and %d share one memory for %s, but it has %" PRId64
                                " bits on core %d and %" PRId64
                                " on core %d; give both the same size",
                                owner, c, operand, instances[owner_top[o]].size_bits, owner,
                                core->memories[level].size_bits, c);
        for (int32_t k = 0; k < o; ++k) {
            int32_t other = top_level(core, (stream_operand_class)k);
            if (other >= 0 && (other == level) != (owner_top[k] == owner_top[o]))
                return stream_error(
                    diag, STREAM_INVALID, core->place,
                    "cores %d and %d share memories, but %s and %s are in one memory on "
                    "only one of them",
                    owner, c, stream_operand_class_name((stream_operand_class)k), operand);
        }
    }
    return STREAM_OK;
}

/* ---- sharing of some operands */

/* The instance of member i of a sharing: that of all its operands. */
static stream_status find_part(const stream_accelerator *acc, const stream_sharing *sharing,
                               int32_t i, const int32_t *top, const stream_diag *diag,
                               int32_t *out) {
    int32_t c = sharing->cores[i];
    const stream_core *core = &acc->cores[c];
    *out = -1;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        int32_t instance = top[c * STREAM_N_OPERANDS + o];
        if (!(sharing->operands[i] >> o & 1))
            continue;
        if (instance < 0 || (*out >= 0 && instance != *out))
            return stream_error(diag, STREAM_INVALID, core->place,
                                "core %d ('%s') shares its memory of %s, but %s", c, core->name,
                                stream_operand_class_name((stream_operand_class)o),
                                instance < 0 ? "has none"
                                             : "holds the other operands of the sharing in "
                                               "another memory; write two sharings");
        *out = instance;
    }
    return *out >= 0
               ? STREAM_OK
               : stream_error(diag, STREAM_INVALID, core->place,
                              "core %d ('%s') shares the memory of no operand", c, core->name);
}

static void replace_instance(const stream_accelerator *acc, int32_t from, int32_t to,
                             int32_t *top) {
    for (int32_t k = 0; k < acc->n_cores * STREAM_N_OPERANDS; ++k)
        if (top[k] == from)
            top[k] = to;
}

static stream_status share_part(const stream_accelerator *acc, const stream_sharing *sharing,
                                int32_t *top, const stream_instance *instances,
                                const stream_diag *diag) {
    int32_t shared, other;
    STREAM_TRY(find_part(acc, sharing, 0, top, diag, &shared));
    for (int32_t i = 1; i < sharing->n_cores; ++i) {
        const stream_core *core = &acc->cores[sharing->cores[i]];
        STREAM_TRY(find_part(acc, sharing, i, top, diag, &other));
        if (other == shared || instances[other].core != sharing->cores[i])
            return stream_error(diag, STREAM_INVALID, core->place,
                                "core %d ('%s') shares one memory in two lists; write them as one",
                                sharing->cores[i], core->name);
        if (instances[other].size_bits != instances[shared].size_bits)
            return stream_error(diag, STREAM_INVALID, core->place,
                                "cores %d and %d share one memory, but it has %" PRId64
                                " bits on core %d and %" PRId64
                                " on core %d; give both the same size",
                                sharing->cores[0], sharing->cores[i], instances[shared].size_bits,
                                sharing->cores[0], instances[other].size_bits, sharing->cores[i]);
        replace_instance(acc, other, shared, top);
    }
    return STREAM_OK;
}

/* Instances that no core sees any more go away; the others keep their order. */
static void drop_unused(const stream_accelerator *acc, int32_t *top, stream_vec *instances) {
    int32_t kept = 0;
    for (int32_t i = 0; i < (int32_t)instances->n; ++i) {
        bool used = false;
        for (int32_t k = 0; k < acc->n_cores * STREAM_N_OPERANDS; ++k)
            used |= top[k] == i;
        if (!used)
            continue;
        STREAM_AT(stream_instance, *instances, kept) = STREAM_AT(stream_instance, *instances, i);
        replace_instance(acc, i, kept, top);
        ++kept;
    }
    instances->n = (size_t)kept;
}

static stream_status share_parts(const stream_accelerator *acc, int32_t *top, stream_vec *instances,
                                 const stream_diag *diag) {
    for (int32_t s = 0; s < acc->n_sharings; ++s)
        if (acc->sharings[s].operands)
            STREAM_TRY(share_part(acc, &acc->sharings[s], top, instances->data, diag));
    drop_unused(acc, top, instances);
    return STREAM_OK;
}

static stream_status check_operands(const stream_accelerator *acc, const int32_t *top,
                                    const stream_diag *diag) {
    for (int32_t c = 0; c < acc->n_cores; ++c) {
        const stream_core *core = &acc->cores[c];
        if (core->kind != STREAM_CORE_COMPUTE && c != acc->offchip_core)
            continue;
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
            if (top[c * STREAM_N_OPERANDS + o] < 0)
                return stream_error(diag, STREAM_INVALID, core->loc,
                                    "core %d ('%s') has no memory that holds %s", c, core->name,
                                    stream_operand_class_name((stream_operand_class)o));
        if (c == acc->offchip_core)
            for (int32_t o = 1; o < STREAM_N_OPERANDS; ++o)
                if (top[c * STREAM_N_OPERANDS + o] != top[c * STREAM_N_OPERANDS])
                    return stream_error(diag, STREAM_INVALID, core->loc,
                                        "the off-chip core '%s' must have one memory for I1, I2 "
                                        "and O, not several",
                                        core->name);
    }
    return STREAM_OK;
}

stream_status stream_hardware_instances(stream_accelerator *acc, stream_arena *arena,
                                        const stream_diag *diag) {
    int32_t *owner = STREAM_NEW(arena, int32_t, (size_t)acc->n_cores);
    int32_t *top = STREAM_NEW(arena, int32_t, (size_t)acc->n_cores * STREAM_N_OPERANDS);
    STREAM_TRY(find_owners(acc, owner, diag));
    stream_vec instances = STREAM_VEC(stream_instance);
    stream_status status = STREAM_OK;
    for (int32_t c = 0; c < acc->n_cores; ++c)
        if (owner[c] == c)
            add_owned(acc, c, &top[c * STREAM_N_OPERANDS], &instances);
    for (int32_t c = 0; c < acc->n_cores && status == STREAM_OK; ++c)
        if (owner[c] != c)
            status = share(acc, c, owner[c], &top[owner[c] * STREAM_N_OPERANDS],
                           &top[c * STREAM_N_OPERANDS], instances.data, diag);
    if (status == STREAM_OK)
        status = share_parts(acc, top, &instances, diag);
    acc->n_instances = (int32_t)instances.n;
    acc->instances = stream_vec_freeze(&instances, arena);
    acc->top = top;
    STREAM_TRY(status);
    STREAM_TRY(check_operands(acc, top, diag));
    acc->offchip_instance = top[acc->offchip_core * STREAM_N_OPERANDS];
    return STREAM_OK;
}
