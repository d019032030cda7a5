/* Accelerators; see hardware.h. */

#include "hardware.h"

#include "stream/support/vec.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    KIB = 8192,
    MAX_CORES = 64
};

/* Routes are collected per pair of cores and laid out at the end. */
typedef struct {
    int32_t n_cores;
    stream_vec memories, links; /* stream_coala_v0_memory, stream_coala_v0_link */
    int32_t memory_of[MAX_CORES * STREAM_N_OPERANDS];
    stream_vec hops; /* route_hop */
} builder;

typedef struct {
    int32_t from, to, link;
} route_hop;

static builder begin(int32_t n_cores) {
    return (builder){.n_cores = n_cores,
                     .memories = STREAM_VEC(stream_coala_v0_memory),
                     .links = STREAM_VEC(stream_coala_v0_link),
                     .hops = STREAM_VEC(route_hop)};
}

static int32_t memory(builder *b, stream_coala_v0_memory m) {
    *(stream_coala_v0_memory *)stream_vec_push(&b->memories) = m;
    return (int32_t)b->memories.n - 1;
}

static void core(builder *b, int32_t c, int32_t i1, int32_t i2, int32_t o) {
    int32_t *of = &b->memory_of[c * STREAM_N_OPERANDS];
    of[STREAM_I1] = i1;
    of[STREAM_I2] = i2;
    of[STREAM_O] = o;
}

static int32_t link(builder *b, double bits, double pj) {
    *(stream_coala_v0_link *)stream_vec_push(&b->links) = (stream_coala_v0_link){bits, pj};
    return (int32_t)b->links.n - 1;
}

/* One more link on the route between two cores. */
static void hop(builder *b, int32_t from, int32_t to, int32_t l) {
    *(route_hop *)stream_vec_push(&b->hops) = (route_hop){from, to, l};
}

static void finish(builder *b, int32_t offchip, stream_arena *arena,
                   stream_coala_v0_hardware *out) {
    size_t pairs = (size_t)(b->n_cores * b->n_cores), hops = b->hops.n;
    int32_t *first = STREAM_NEW(arena, int32_t, pairs + 1);
    int32_t *links = STREAM_NEW(arena, int32_t, hops);
    int32_t *memory_of = STREAM_NEW(arena, int32_t, (size_t)(b->n_cores * STREAM_N_OPERANDS));
    int32_t n = 0;
    for (int32_t pair = 0; pair < b->n_cores * b->n_cores; ++pair) {
        for (size_t h = 0; h < hops; ++h) {
            const route_hop *at = &STREAM_AT(route_hop, b->hops, h);
            if (at->from * b->n_cores + at->to == pair)
                links[n++] = at->link;
        }
        first[pair + 1] = n;
    }
    memcpy(memory_of, b->memory_of,
           (size_t)(b->n_cores * STREAM_N_OPERANDS) * sizeof *b->memory_of);
    *out = (stream_coala_v0_hardware){.n_cores = b->n_cores,
                                      .offchip_core = offchip,
                                      .n_memories = (int32_t)b->memories.n,
                                      .memory_of = memory_of,
                                      .n_links = (int32_t)b->links.n,
                                      .route_first = first,
                                      .route_links = links};
    out->memories = stream_vec_freeze(&b->memories, arena);
    out->links = stream_vec_freeze(&b->links, arena);
    stream_vec_free(&b->hops);
}

static builder depfin(void) {
    builder b = begin(2);
    int32_t w = memory(&b, (stream_coala_v0_memory){"l1_w", 512 * KIB, 50, 55, 128, 128});
    int32_t act =
        memory(&b, (stream_coala_v0_memory){"l1_act", 1024 * KIB, 265.6, 308, 1024, 1024});
    int32_t dram = memory(&b, (stream_coala_v0_memory){"dram", 1000000000000, 100, 110, 64, 64});
    core(&b, 0, act, w, act);
    core(&b, 1, dram, dram, dram);
    int32_t both = link(&b, 64, 0);
    hop(&b, 0, 1, both);
    hop(&b, 1, 0, both);
    return b;
}

static builder diana(void) {
    builder b = begin(5);
    int32_t w0 = memory(&b, (stream_coala_v0_memory){"l1_w", 64 * KIB, 50, 55, 128, 128});
    int32_t l1 =
        memory(&b, (stream_coala_v0_memory){"sram_256KB", 256 * KIB, 33.2 * 8, 38.5 * 8, 512, 512});
    int32_t rf = memory(&b, (stream_coala_v0_memory){"rf_16B", 128, 0, 0, 8, 8});
    int32_t w2 = memory(&b, (stream_coala_v0_memory){"l1_w", 256 * KIB, 50, 55, 8192, 8192});
    int32_t l2 = memory(&b, (stream_coala_v0_memory){"l2", 4096 * KIB, 100, 110, 128, 128});
    core(&b, 0, l1, w0, l1);
    core(&b, 1, l1, rf, l1);
    core(&b, 2, l1, w2, l1);
    core(&b, 3, l1, l1, l1);
    core(&b, 4, l2, l2, l2);
    int32_t out = link(&b, 128, 0), in = link(&b, 128, 0);
    for (int32_t c = 0; c < 4; ++c) {
        hop(&b, c, 4, out);
        hop(&b, 4, c, in);
    }
    return b;
}

enum {
    AIMC_CORES = 5,
    AIMC_DRAM = 5
};

static const int32_t aimc_weight_bits[AIMC_CORES] = {4096, 8192, 4096, 4096, 8192};

static stream_coala_v0_memory aimc_weights(int32_t c) {
    return (stream_coala_v0_memory){"l1_w", 256 * KIB, 50, 55, aimc_weight_bits[c], 4096};
}

static builder verma(void) {
    builder b = begin(AIMC_CORES + 1);
    static const stream_coala_v0_memory own = {"l1_i_o", 256 * KIB, 50, 55, 4096, 4096};
    static const stream_coala_v0_memory shared = {"l1_shared", 256 * KIB, 265.6, 308, 2048, 2048};
    int32_t in = memory(&b, own);
    for (int32_t c = 0; c < AIMC_CORES; ++c) {
        int32_t w = memory(&b, aimc_weights(c));
        int32_t out = memory(&b, c + 1 < AIMC_CORES ? shared : own);
        core(&b, c, in, w, out);
        in = out;
    }
    int32_t dram = memory(&b, (stream_coala_v0_memory){"dram", 4096 * KIB, 100, 110, 128, 128});
    core(&b, AIMC_DRAM, dram, dram, dram);
    int32_t to = link(&b, 128, 0), from = link(&b, 128, 0);
    for (int32_t c = 0; c < AIMC_CORES; ++c) {
        hop(&b, c, AIMC_DRAM, to);
        hop(&b, AIMC_DRAM, c, from);
    }
    return b;
}

static builder verma_ocn(void) {
    builder b = begin(AIMC_CORES + 1);
    for (int32_t c = 0; c < AIMC_CORES; ++c) {
        int32_t w = memory(&b, aimc_weights(c));
        int32_t io = memory(&b, (stream_coala_v0_memory){"l1_i_o", 16 * KIB, 50, 55, 4096, 4096});
        core(&b, c, io, w, io);
        int32_t both = link(&b, 128, 0);
        hop(&b, c, AIMC_DRAM, both);
        hop(&b, AIMC_DRAM, c, both);
        if (c + 1 < AIMC_CORES)
            hop(&b, c, c + 1, link(&b, 128, 0));
    }
    int32_t dram = memory(&b, (stream_coala_v0_memory){"dram", 8192 * KIB, 100, 110, 128, 128});
    core(&b, AIMC_DRAM, dram, dram, dram);
    return b;
}

enum {
    LAB4_POOL = 4,
    LAB4_SIMD = 5,
    LAB4_DRAM = 6
};

/* Links in both directions between neighbours in the mesh, and the two of each diagonal. */
static void lab4_mesh(builder *b) {
    static const int32_t sides[4][2] = {{0, 1}, {0, 2}, {1, 3}, {2, 3}};
    static const int32_t diagonals[4][3] = {{0, 1, 3}, {1, 0, 2}, {2, 3, 1}, {3, 2, 0}};
    int32_t of[4][4] = {{0}};
    for (int32_t i = 0; i < 4; ++i)
        for (int32_t d = 0; d < 2; ++d) {
            int32_t from = sides[i][d], to = sides[i][1 - d];
            of[from][to] = link(b, 64, 10);
            hop(b, from, to, of[from][to]);
        }
    for (int32_t i = 0; i < 4; ++i) {
        int32_t from = diagonals[i][0], by = diagonals[i][1], to = diagonals[i][2];
        hop(b, from, to, of[from][by]);
        hop(b, from, to, of[by][to]);
    }
}

static builder lab4(void) {
    builder b = begin(7);
    for (int32_t c = 0; c < 4; ++c) {
        int32_t w =
            memory(&b, (stream_coala_v0_memory){"weights", 3072 * KIB, 1732.02, 1716.22, 256, 256});
        int32_t act = memory(
            &b, (stream_coala_v0_memory){"activations", 1024 * KIB, 1349.61, 1329.26, 256, 256});
        core(&b, c, act, w, act);
    }
    int32_t pool = memory(&b, (stream_coala_v0_memory){"pooling", 128 * KIB, 150, 165, 128, 128});
    int32_t rf = memory(&b, (stream_coala_v0_memory){"rf", 128, 0, 0, 24, 24});
    core(&b, LAB4_POOL, pool, rf, pool);
    int32_t simd = memory(&b, (stream_coala_v0_memory){"simd", 600 * KIB, 0.01, 0.01, 512, 512});
    core(&b, LAB4_SIMD, simd, simd, simd);
    int32_t dram = memory(
        &b, (stream_coala_v0_memory){"dram", 1024 * 1024 * (int64_t)KIB, 20974.8, 21196.4, 64, 64});
    core(&b, LAB4_DRAM, dram, dram, dram);
    lab4_mesh(&b);
    for (int32_t c = 0; c <= LAB4_SIMD; ++c)
        for (int32_t to = LAB4_POOL; to <= LAB4_SIMD; ++to) {
            bool simd_link = c == LAB4_SIMD || to == LAB4_SIMD;
            if (c >= to)
                continue;
            hop(&b, c, to, link(&b, simd_link ? INFINITY : 64, simd_link ? 0 : 10));
            hop(&b, to, c, link(&b, simd_link ? INFINITY : 64, simd_link ? 0 : 10));
        }
    int32_t out = link(&b, 64, 10), in = link(&b, 64, 10);
    for (int32_t c = 0; c < LAB4_DRAM; ++c) {
        hop(&b, c, LAB4_DRAM, out);
        hop(&b, LAB4_DRAM, c, in);
    }
    return b;
}

bool hardware_named(const char *name, stream_arena *arena, stream_coala_v0_hardware *out) {
    static const struct {
        const char *name;
        builder (*build)(void);
        int32_t offchip;
    } known[] = {{"depfin", depfin, 1},
                 {"diana", diana, 4},
                 {"verma", verma, AIMC_DRAM},
                 {"verma_ocn", verma_ocn, AIMC_DRAM},
                 {"lab4", lab4, LAB4_DRAM}};
    for (size_t i = 0; i < sizeof known / sizeof *known; ++i)
        if (strcmp(known[i].name, name) == 0) {
            builder b = known[i].build();
            finish(&b, known[i].offchip, arena, out);
            return true;
        }
    return false;
}

static int32_t index_of(const json *value) {
    int64_t x = json_whole(value, -1);
    return x >= 0 && x < INT32_MAX ? (int32_t)x : -1;
}

static void read_route(builder *b, const json *route) {
    int32_t from = index_of(json_item(route, 0)), to = index_of(json_item(route, 1));
    for (const json *l = json_item(route, 2); l; l = l->next)
        hop(b, from, to, index_of(l));
}

bool hardware_read(const json *from, stream_arena *arena, stream_coala_v0_hardware *out) {
    const json *cores = json_member(from, "cores");
    if (!cores || cores->n < 1 || cores->n > MAX_CORES) {
        fprintf(stderr, "hardware: not 1 to %d cores\n", MAX_CORES);
        return false;
    }
    builder b = begin(cores->n);
    for (const json *m = json_item(json_member(from, "memories"), 0); m; m = m->next)
        memory(&b, (stream_coala_v0_memory){json_text(json_member(m, "name"), "?"),
                                            json_whole(json_member(m, "bits"), 0),
                                            json_number(json_member(m, "read_pj"), -1),
                                            json_number(json_member(m, "write_pj"), -1),
                                            json_whole(json_member(m, "read_bits"), 0),
                                            json_whole(json_member(m, "write_bits"), 0)});
    int32_t c = 0;
    for (const json *m = cores->first; m; m = m->next, ++c)
        core(&b, c, index_of(json_item(m, 0)), index_of(json_item(m, 1)),
             index_of(json_item(m, 2)));
    for (const json *l = json_item(json_member(from, "links"), 0); l; l = l->next)
        link(&b, json_number(json_item(l, 0), 0), json_number(json_item(l, 1), -1));
    for (const json *route = json_item(json_member(from, "routes"), 0); route; route = route->next)
        read_route(&b, route);
    finish(&b, index_of(json_member(from, "offchip")), arena, out);
    return true;
}

int32_t hardware_link(const stream_coala_v0_hardware *hw, int32_t from, int32_t to) {
    for (int32_t a = 0; a < hw->n_cores; ++a)
        for (int32_t b = 0; b < hw->n_cores; ++b) {
            const int32_t *first = &hw->route_first[a * hw->n_cores + b];
            if ((from < 0 || from == a) && (to < 0 || to == b) && first[1] - first[0] == 1)
                return hw->route_links[first[0]];
        }
    return -1;
}
