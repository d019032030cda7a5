// RUN: unit-hardware-accelerator

#include "fixture.h"

#include <math.h>

/* Instances, ports and resources of the fixture, by hand. */
static void derives(void) {
    fixture f;
    fixture_open(&f);
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    const stream_accelerator *acc = &f.acc;
    CHECK_EQ(acc->n_instances, 4);
    CHECK_EQ(acc->offchip_instance, 3);
    const int32_t top[] = {0, 0, 0, 1, 2, 1, 3, 3, 3}; /* core b: I1 and O in 'act', I2 in 'w' */
    CHECK(!memcmp(acc->top, top, sizeof top));
    CHECK_EQ(acc->instances[1].level, 1);
    CHECK_EQ(acc->instances[1].size_bits, 4096);
    CHECK_EQ(acc->instances[2].level, 0);
    CHECK_EQ(acc->instances[0].word_bits, 64);
    CHECK_EQ(acc->n_resources, 3 + 4 * 2); /* link forward, link back, bus; two ports each */
    CHECK_EQ(acc->link_resource[0], 0);
    CHECK_EQ(acc->link_resource[1], 2);
    CHECK(acc->resources[1].kind == STREAM_RESOURCE_LINK && acc->resources[1].reversed);
    CHECK_EQ(acc->resources[2].bandwidth_bits, 128);
    CHECK_EQ(acc->instances[3].first_port, 9);
    CHECK_EQ(acc->resources[9].bandwidth_bits, 512);
    CHECK_EQ(stream_accelerator_port(acc, 0, STREAM_I1, false), 3);
    CHECK_EQ(stream_accelerator_port(acc, 0, STREAM_O, true), 4);
    CHECK_EQ(acc->class_of[0], 0);
    CHECK_EQ(acc->class_of[1], 1);
    fixture_close(&f);
}

/* th before tl, fh before fl, then any port of the kind. */
static void prefers_ports(void) {
    fixture f;
    fixture_open(&f);
    stream_port ports[] = {
        {"rw", STREAM_PORT_READ_WRITE, 8, 8, {0}},
        {"low", STREAM_PORT_READ_WRITE, 8, 16, {0}},
        {"high", STREAM_PORT_READ_WRITE, 8, 32, {0}},
    };
    ports[1].serves[STREAM_O] = 1u << STREAM_TO_LOW | 1u << STREAM_FROM_LOW;
    ports[2].serves[STREAM_O] = 1u << STREAM_TO_HIGH | 1u << STREAM_FROM_HIGH;
    ports[1].serves[STREAM_I2] = 1u << STREAM_TO_LOW;
    ports[0].serves[STREAM_I2] = 1u << STREAM_FROM_HIGH;
    ports[2].serves[STREAM_I1] = 1u << STREAM_TO_LOW | 1u << STREAM_FROM_HIGH;
    f.memories[0].ports = ports;
    f.memories[0].n_ports = 3;
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    int32_t first = f.acc.instances[0].first_port;
    CHECK_EQ(stream_accelerator_port(&f.acc, 0, STREAM_O, false), first + 2);
    CHECK_EQ(stream_accelerator_port(&f.acc, 0, STREAM_O, true), first + 2);
    CHECK_EQ(stream_accelerator_port(&f.acc, 0, STREAM_I2, false), first + 1);
    CHECK_EQ(stream_accelerator_port(&f.acc, 0, STREAM_I2, true), first);
    CHECK_EQ(stream_accelerator_port(&f.acc, 0, STREAM_I1, false), first + 2);
    CHECK_EQ(f.acc.instances[0].word_bits, 8);
    ports[0].bandwidth_min_bits = 4; /* not whole bytes: words are bytes */
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    CHECK_EQ(f.acc.instances[0].word_bits, 8);
    fixture_close(&f);
}

/* Nothing is above the off-chip memory: what is written there that CTs only read takes any port. */
static void takes_any_port(void) {
    fixture f;
    fixture_open(&f);
    stream_port ports[] = {f.ports[3][0], f.ports[3][1], f.ports[3][1]};
    ports[1].serves[STREAM_I1] = ports[1].serves[STREAM_O] = ports[2].serves[STREAM_I1] = 0;
    ports[2].name = "w2";
    f.memories[3].ports = ports;
    f.memories[3].n_ports = 3;
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    int32_t first = f.acc.instances[3].first_port;
    CHECK_EQ(stream_accelerator_port(&f.acc, 3, STREAM_I1, true), first + 1);
    CHECK_EQ(stream_accelerator_port(&f.acc, 3, STREAM_O, true), first + 2);
    fixture_close(&f);
}

/* Every direction that data takes has a port: of a memory with others around, and of the last. */
static void needs_ports(void) {
    static const struct {
        uint8_t memory, operand, direction;
        const char *message; /* NULL: the core is taken without */
    } cases[] = {
        {0, STREAM_I1, STREAM_FROM_HIGH,
         "memory 'sram' of core 'a' holds I1, but none of its ports carries 'I1, fh' (writes from "
         "the memory above it, or from outside the core)"},
        {0, STREAM_I2, STREAM_TO_LOW,
         "memory 'sram' of core 'a' holds I2, but none of its ports carries 'I2, tl' (reads for "
         "the array or the memory below it)"},
        {2, STREAM_O, STREAM_FROM_LOW,
         "memory 'act' of core 'b' holds O, but none of its ports carries 'O, fl' (writes from "
         "the array or the memory below it)"},
        {2, STREAM_O, STREAM_TO_HIGH,
         "memory 'act' of core 'b' holds O, but none of its ports carries 'O, th' (reads for the "
         "memory above it, or from outside the core)"},
        {0, STREAM_I1, STREAM_TO_HIGH, NULL},
        {0, STREAM_O, STREAM_TO_LOW, NULL},
        {0, STREAM_O, STREAM_FROM_HIGH, NULL},
        {3, STREAM_I1, STREAM_FROM_HIGH, NULL},
        {3, STREAM_O, STREAM_TO_HIGH, NULL},
        {3, STREAM_O, STREAM_FROM_LOW,
         "memory 'dram' of core 'dram' holds O, but none of its ports carries 'O, fl' (writes from "
         "the array or the memory below it)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        fixture f;
        fixture_open(&f);
        for (int p = 0; p < 2; ++p)
            f.ports[cases[i].memory][p].serves[cases[i].operand] &=
                (uint8_t) ~(1u << cases[i].direction);
        CHECK_EQ(fixture_finish(&f), cases[i].message ? STREAM_INVALID : STREAM_OK);
        CHECK(!cases[i].message || !strcmp(f.text, cases[i].message));
        fixture_close(&f);
    }
}

static void energies(void) {
    fixture f;
    fixture_open(&f);
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    /* 1025 bits: 3 reads of 512 at 10 pJ; 5 writes of 256 at 20.5 pJ */
    CHECK_EQ(stream_port_energy_fj(&f.acc, 3, 1025, false), 30000);
    CHECK_EQ(stream_port_energy_fj(&f.acc, 4, 1025, true), 102500);
    CHECK_EQ(stream_port_energy_fj(&f.acc, 4, 0, true), 0);
    CHECK_EQ(stream_fj(0.0004), 0);
    CHECK_EQ(stream_fj(0.0006), 1);
    CHECK_EQ(stream_fj(1e300), INT64_MAX);
    fixture_close(&f);
}

/* Core a and a copy of it share one memory; the copy needs no link of its own. */
static void shares(void) {
    fixture f;
    fixture_open(&f);
    fixture_core(&f, 3, "a2", STREAM_CORE_COMPUTE, 0, 1);
    f.acc.n_cores = 4;
    CHECK_EQ(fixture_finish(&f), STREAM_INVALID); /* unreachable */
    CHECK(strstr(f.text, "core 3 ('a2')"));
    f.sharing_cores[0] = 3;
    f.sharing_cores[1] = 0;
    f.sharings[0] = (stream_sharing){f.sharing_cores, 2, NULL};
    f.acc.sharings = f.sharings;
    f.acc.n_sharings = 1;
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    CHECK_EQ(f.acc.n_instances, 4);
    CHECK_EQ(f.acc.top[0], f.acc.top[9]);
    CHECK_EQ(f.acc.instances[f.acc.top[0]].core, 3); /* the first of the list owns it */
    CHECK_EQ(f.acc.class_of[3], 0);
    stream_memory smaller = f.memories[0];
    smaller.size_bits = 512;
    f.cores[3].memories = &smaller;
    CHECK_EQ(fixture_finish(&f), STREAM_INVALID);
    CHECK(strstr(f.text, "512") && strstr(f.text, "1024"));
    f.cores[3].memories = &f.memories[1];
    f.cores[3].n_memories = 2;
    CHECK_EQ(fixture_finish(&f), STREAM_INVALID);
    f.sharings[0].n_cores = 1;
    CHECK_EQ(fixture_finish(&f), STREAM_INVALID);
    fixture_close(&f);
}

/* What cores a and b hold of I1 and O is one memory; b has its own for I2, a has none. */
static void shares_parts(void) {
    fixture f;
    uint8_t operands[2] = {1u << STREAM_O, 1u << STREAM_I1 | 1u << STREAM_O};
    fixture_open(&f);
    f.memories[2].size_bits = 1024;
    f.sharing_cores[0] = 0;
    f.sharing_cores[1] = 1;
    f.sharings[0] = (stream_sharing){f.sharing_cores, 2, operands};
    f.acc.sharings = f.sharings;
    f.acc.n_sharings = 1;
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    CHECK_EQ(f.acc.n_instances, 3);
    const int32_t *a = f.acc.top, *b = &f.acc.top[STREAM_N_OPERANDS];
    CHECK(a[STREAM_I1] == a[STREAM_O] && a[STREAM_I2] == a[STREAM_O]);
    CHECK(b[STREAM_I1] == a[STREAM_O] && b[STREAM_O] == a[STREAM_O]);
    CHECK(b[STREAM_I2] != a[STREAM_O]);
    CHECK_EQ(f.acc.instances[a[STREAM_O]].core, 0);
    CHECK_EQ(f.acc.instances[b[STREAM_I2]].core, 1);
    CHECK_EQ(f.acc.instances[f.acc.offchip_instance].core, 2);
    f.memories[2].size_bits = 2048;
    CHECK_EQ(fixture_finish(&f), STREAM_INVALID);
    CHECK(strstr(f.text, "1024 bits on core 0 and 2048 on core 1"));
    f.memories[2].size_bits = 1024;
    operands[1] = 7;
    CHECK_EQ(fixture_finish(&f), STREAM_INVALID);
    CHECK(strstr(f.text, "another memory"));
    operands[1] = 0;
    CHECK_EQ(fixture_finish(&f), STREAM_INVALID);
    CHECK(strstr(f.text, "of no operand"));
    fixture_close(&f);
}

static void classes(void) {
    fixture f;
    fixture_open(&f);
    static const char *ops[] = {"Conv", "Gemm"};
    fixture_core(&f, 1, "b", STREAM_CORE_COMPUTE, 0, 1);
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    CHECK_EQ(f.acc.class_of[1], 0);
    f.cores[1].operators = ops;
    f.cores[1].n_operators = 2;
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    CHECK_EQ(f.acc.class_of[1], 1);
    CHECK(stream_core_runs(&f.cores[1], "conv"));
    CHECK(stream_core_runs(&f.cores[1], "BatchMatMul"));
    CHECK(stream_core_runs(&f.cores[1], "MatMul"));
    CHECK(!stream_core_runs(&f.cores[1], "Add"));
    CHECK(stream_core_runs(&f.cores[0], "Add"));
    CHECK(!stream_core_runs(&f.cores[2], "Add"));
    stream_post_processing post = {.operators = ops, .n_operators = 1};
    CHECK(stream_core_post_processes(&f.cores[0], "Add"));
    CHECK(!stream_core_post_processes(&f.cores[1], "Add"));
    f.cores[0].n_operators = f.cores[1].n_operators = 0;
    f.cores[1].post = &post;
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    CHECK_EQ(f.acc.class_of[1], 1);
    CHECK(stream_core_post_processes(&f.cores[1], "Conv"));
    CHECK(!stream_core_post_processes(&f.cores[1], "Gemm"));
    post.op_pj = -1;
    CHECK_EQ(fixture_finish(&f), STREAM_INVALID);
    f.cores[1].post = NULL;
    f.cores[1].systolic_dims = 1;
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    CHECK_EQ(f.acc.class_of[1], 1);
    f.cores[1].systolic_dims = 0;
    f.cores[1].mac_pj = 0.25;
    CHECK_EQ(fixture_finish(&f), STREAM_OK);
    CHECK_EQ(f.acc.class_of[1], 1);
    fixture_close(&f);
}

/* Each row breaks one promise; the message names what and the number. */
typedef struct {
    const char *name;
    void (*breaks)(fixture *);
    const char *says;
} error_case;

static void no_size(fixture *f) {
    f->memories[1].size_bits = 0;
}
static void negative_energy(fixture *f) {
    f->memories[1].read_pj = -1;
}
static void nan_energy(fixture *f) {
    f->memories[1].write_pj = NAN;
}
static void no_port(fixture *f) {
    f->memories[1].n_ports = 0;
}
static void read_only(fixture *f) {
    f->memories[3].n_ports = 1;
}
static void port_min(fixture *f) {
    f->ports[1][0].bandwidth_min_bits = 0;
}
static void port_max(fixture *f) {
    f->ports[1][0].bandwidth_max_bits = 63;
}
static void port_wide(fixture *f) {
    f->ports[1][0].bandwidth_max_bits = INT64_C(1) << 43;
}
static void no_operand(fixture *f) {
    f->memories[1].operands = 0;
}
static void lost_operand(fixture *f) {
    f->cores[1].n_memories = 1;
}
static void array_zero(fixture *f) {
    f->cores[0].array_sizes[0] = 0;
}
static void array_huge(fixture *f) {
    f->cores[0].n_array_dims = 2;
    f->cores[0].array_sizes[0] = f->cores[0].array_sizes[1] = 1 << 20;
}
static void same_name(fixture *f) {
    f->cores[1].name = "a";
}
static void no_offchip(fixture *f) {
    f->acc.offchip_core = 7;
}
static void wrong_offchip(fixture *f) {
    f->acc.offchip_core = 0;
}
static void link_bandwidth(fixture *f) {
    f->links[0].bandwidth_bits = -5;
}
static void link_wide(fixture *f) {
    f->links[0].bandwidth_bits = (INT64_C(1) << 32) + 1;
}
static void link_energy(fixture *f) {
    f->links[0].pj_per_bit = -0.5;
}
static void link_core(fixture *f) {
    f->link_cores[0][1] = 9;
}
static void link_twice(fixture *f) {
    f->link_cores[0][1] = 0;
}
static void link_three(fixture *f) {
    f->links[0].n_cores = 3;
}
static void lonely(fixture *f) {
    f->acc.n_links = 1;
}
static void utilization(fixture *f) {
    f->cores[0].utilization = 1.5;
}
static void dataflow(fixture *f) {
    static const stream_unroll unrolls[] = {{0, "K", 8}, {0, "C", 4}};
    static const stream_dataflow flow = {unrolls, 2};
    f->cores[0].dataflows = &flow;
    f->cores[0].n_dataflows = 1;
}

static const error_case error_cases[] = {
    {"memory without bits", no_size, "has 0 bits"},
    {"negative energy", negative_energy, "-1 pJ per read"},
    {"energy that is no number", nan_energy, "nan pJ per write"},
    {"memory without port", no_port, "has no port"},
    {"memory that cannot be written", read_only, "holds O, but none of its ports carries 'O, fl'"},
    {"port without bandwidth", port_min, "at least 1"},
    {"port narrower than its access", port_max, "bandwidth_max 63"},
    {"port of absurd bandwidth", port_wide,
     "8796093022208 bits per cycle; the limit is 4294967296"},
    {"memory without operand", no_operand, "at least one of"},
    {"core without memory for I1", lost_operand, "holds I1"},
    {"array of size 0", array_zero, "size 0"},
    {"array of 2^40 units", array_huge, "more than"},
    {"two cores of one name", same_name, "both named 'a'"},
    {"off-chip core that is not there", no_offchip, "is 7"},
    {"off-chip core of another kind", wrong_offchip, "not of that kind"},
    {"link of negative bandwidth", link_bandwidth, "-5 bits per cycle"},
    {"link of absurd bandwidth", link_wide, "4294967297 bits per cycle; the limit is 4294967296"},
    {"link of negative energy", link_energy, "-0.5 pJ"},
    {"link to a core that is not there", link_core, "core 9"},
    {"link from a core to itself", link_twice, "twice"},
    {"link of three cores", link_three, "exactly 2"},
    {"core without a way to off-chip", lonely, "no links or buses lead"},
    {"utilization above 1", utilization, "1.5"},
    {"dataflow larger than the array", dataflow, "C by 4 over D1, which has 16"},
};

static void errors(void) {
    for (size_t i = 0; i < sizeof error_cases / sizeof *error_cases; ++i) {
        fixture f;
        fixture_open(&f);
        error_cases[i].breaks(&f);
        stream_status status = fixture_finish(&f);
        int good = status != STREAM_OK && f.errors == 1 && strstr(f.text, error_cases[i].says);
        printf("# %s: %s\n", error_cases[i].name, f.text);
        CHECK(good);
        fixture_close(&f);
    }
}

int main(void) {
    derives();
    prefers_ports();
    takes_any_port();
    needs_ports();
    energies();
    shares();
    shares_parts();
    classes();
    errors();
    return test_done();
}
