#ifndef STREAM_HARDWARE_ACCELERATOR_H
#define STREAM_HARDWARE_ACCELERATOR_H

#include "stream/support/arena.h"
#include "stream/support/diag.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A heterogeneous multi-core dataflow accelerator: cores with MAC arrays and memory hierarchies,
 * joined by links and buses, one of them the off-chip memory.
 *
 *   accelerator
 *     core[0..n_cores)            id = index
 *       memory[0..n_memories)     innermost first; the last that holds an operand is its top memory
 *         port[0..n_ports)
 *     link[0..n_links)            link (two cores, a resource per direction) or bus (one resource)
 *     instance[0..n_instances)    the top memories: what the scheduler sees; shared once
 *
 * Sizes in bits, bandwidths in bits per cycle, energies in pJ as the user wrote them (the cost
 * model needs them unrounded); integer fJ are made where energies are added (stream_fj). Everything
 * lives in one arena. What the fields mean follows the accelerator files of Stream 1.13 and 2.1.1.
 */

#define STREAM_MAX_ARRAY_DIMS 9

/* Limits that `finish` enforces. */
#define STREAM_MAX_CORES    1024
#define STREAM_MAX_MEMORIES 64
#define STREAM_MAX_PORTS    64
#define STREAM_MAX_LINKS    65536

/* What is above is a typing error: energies would not fit an integer sum of fJ, bits per cycle of a
 * port or link would not leave room for sums and products. */
#define STREAM_MAX_PJ             1e12
#define STREAM_MAX_BANDWIDTH_BITS (INT64_C(1) << 32)

typedef enum {
    STREAM_I1,
    STREAM_I2,
    STREAM_O,
    STREAM_N_OPERANDS
} stream_operand_class;

/* "I1", "I2", "O". */
const char *stream_operand_class_name(stream_operand_class operand);

/* Data directions at a memory level, as ZigZag writes them: fh/fl = written from the higher/lower
 * level, th/tl = read towards the higher/lower level. */
typedef enum {
    STREAM_FROM_HIGH,
    STREAM_FROM_LOW,
    STREAM_TO_HIGH,
    STREAM_TO_LOW,
    STREAM_N_DIRECTIONS
} stream_direction;

typedef enum {
    STREAM_PORT_READ,
    STREAM_PORT_WRITE,
    STREAM_PORT_READ_WRITE
} stream_port_kind;

typedef struct {
    const char *name;
    stream_port_kind kind;
    int64_t bandwidth_min_bits; /* [bit/cycle] > 0: the smallest access */
    int64_t bandwidth_max_bits; /* [bit/cycle] >= min: the full word */
    /* serves[operand] bit d set: the port carries that operand in stream_direction d */
    uint8_t serves[STREAM_N_OPERANDS];
    /* the same as listed by the user, operand * STREAM_N_DIRECTIONS + direction: ZigZag's results
     * depend on the order in exact ties. n_listed == 0: in the order of the enums */
    uint8_t listed[STREAM_N_OPERANDS * STREAM_N_DIRECTIONS];
    int32_t n_listed;
    int64_t energy_word_bits; /* the word that one access's energy is for; 0: bandwidth_max. Not in
                                 files: for a port made wider at the same energy per bit */
} stream_port;

typedef struct {
    const char *name;
    int64_t size_bits;        /* per instance, > 0 */
    double read_pj, write_pj; /* per access of the port's full word */
    double area;              /* in the user's unit */
    int64_t latency_cycles;
    uint8_t operands; /* bit o set: holds stream_operand_class o */
    uint8_t
        operand_order[STREAM_N_OPERANDS]; /* as listed by the user; n_operand_order 0: enum order */
    int32_t n_operand_order;
    const stream_port *ports;
    int32_t n_ports;
    uint16_t served_dims; /* bit i set: shared across array dim i (D<i+1>) */
    bool force_double_buffering;
    bool auto_cost;         /* costs were asked to be extracted (CACTI); kept, not done */
    const char *kind;       /* "sram", "dram" ... as written; never NULL */
    const char *unmodelled; /* text of an MLIR dictionary attribute, or NULL: read, kept, unused */
    stream_loc loc;
} stream_memory;

typedef enum {
    STREAM_CORE_COMPUTE,
    STREAM_CORE_MEMORY, /* memory only: routes pass through it */
    STREAM_CORE_SHIM,   /* the port to off-chip of an AIE-like array */
    STREAM_CORE_OFFCHIP
} stream_core_kind;

/* One loop unrolled over one array dimension: {array_dim 0, "K", 32} is D1: K,32. */
typedef struct {
    int32_t array_dim;
    const char *loop; /* loop name as written: "K", "C", "OX", "G", "FX" ... */
    int64_t unroll;
} stream_unroll;

typedef struct {
    const char *name;      /* symbol name in the IR, unique */
    const char *type_name; /* name in the core file: equal cores share it */
    stream_core_kind kind;
    const char *space; /* "zigzag" or "aie2": the namespace of the core file */
    int32_t n_array_dims;
    int64_t array_sizes[STREAM_MAX_ARRAY_DIMS]; /* > 0 on compute cores */
    uint16_t systolic_dims; /* bit i set: array dim i fills and drains one PE per cycle */
    double mac_pj, mac_area;
    double static_pj;             /* per cycle, of the core with its memories, whatever it does */
    const char *const *operators; /* ONNX names ("Conv", "Add" ...); n_operators == 0: any */
    int32_t n_operators;
    const struct stream_post_processing *post; /* NULL: not said */
    /* dataflows[i] is one spatial mapping; n_dataflows == 0: the cost model chooses */
    const struct stream_dataflow *dataflows;
    int32_t n_dataflows;
    const stream_memory *memories;
    int32_t n_memories;
    double utilization; /* AIE: achieved fraction of the peak in (0, 1]; 1 otherwise */
    bool has_coordinates;
    int32_t column, row;
    const char *unmodelled; /* as in stream_memory */
    stream_loc loc;         /* where it is described */
    stream_loc place;       /* where the accelerator names it: it may be described elsewhere */
} stream_core;

/* A unit behind the array that changes elements of the output on their way to memory. */
typedef struct stream_post_processing {
    const char *const *operators; /* ONNX names ("Relu", "Add" ...); n_operators == 0: none */
    int32_t n_operators;
    int64_t ops_per_cycle; /* 0: it keeps up with the array */
    double op_pj;          /* per operation, >= 0 */
} stream_post_processing;

typedef struct stream_dataflow {
    const stream_unroll *unrolls;
    int32_t n_unrolls;
} stream_dataflow;

typedef struct {
    const char *name; /* symbol name in the IR, unique */
    bool bus;         /* one resource for all; else two cores and one resource per direction */
    const int32_t *cores;
    int32_t n_cores;        /* 2 for a link, >= 2 for a bus */
    int64_t bandwidth_bits; /* [bit/cycle] > 0 */
    double pj_per_bit;      /* >= 0 */
    int64_t latency_cycles; /* added once per hop, >= 0 */
    const char *unmodelled;
    stream_loc loc;
} stream_link;

/* A top memory: the place where boxes live between CTs. Cores that share a memory (or operands that
 * share a level) see the same instance. `core`/`level` name its owner: the first core of the
 * sharing list, or the only core that sees it. Its ports are the owner's. */
typedef struct {
    int32_t core, level;
    int64_t size_bits;
    int64_t word_bits; /* addresses and sizes are multiples of it: the smallest bandwidth_min of its
                          ports if that is a multiple of 8, else 8 */
    int32_t first_port, n_ports; /* its ports are resources[first_port .. + n_ports) */
} stream_instance;

/* A bandwidth resource: a link in one direction, a bus, or a port of an instance. The scheduler and
 * the checker both keep one profile per resource. */
typedef struct {
    enum {
        STREAM_RESOURCE_LINK,
        STREAM_RESOURCE_PORT
    } kind;
    int32_t link, reversed; /* LINK: link id; reversed: from cores[1] to cores[0]; bus: 0 */
    int32_t instance, port; /* PORT */
    int64_t bandwidth_bits; /* [bit/cycle] */
} stream_resource;

typedef struct {
    const char *name; /* symbol name in the IR */
    const stream_core *cores;
    int32_t n_cores;
    int32_t offchip_core;
    const stream_link *links;
    int32_t n_links;
    /* sharing[i]: cores whose top memories, or some of them, are one; first is the owner */
    const struct stream_sharing *sharings;
    int32_t n_sharings;
    const char *unmodelled;
    stream_loc loc;

    /* Derived by stream_accelerator_finish: */
    const stream_instance *instances;
    int32_t n_instances;
    int32_t offchip_instance;
    const int32_t *top; /* [n_cores * STREAM_N_OPERANDS] instance id, or -1: the core has none */
    const stream_resource *resources; /* links (forward, reversed), then ports by instance */
    int32_t n_resources;
    const int32_t *link_resource; /* [n_links] first resource of the link; + 1: reversed */
    const int32_t *class_of;      /* [n_cores] lowest core id that prices every kernel the same */
} stream_accelerator;

typedef struct stream_sharing {
    const int32_t *cores;
    int32_t n_cores;
    /* [n_cores] bit per stream_operand_class: of each core, the top memory of these operands, which
     * is one memory (and of the core's others that it holds). NULL: all top memories */
    const uint8_t *operands;
} stream_sharing;

/* Checks what the structs promise (ids, names, positive sizes and bandwidths, energies that are
 * finite and not negative, an off-chip core, ports for the operands of every memory
 * (stream_core_check_ports), an instance for every operand of a compute core, every such instance
 * reachable from off-chip), and fills the derived fields.
 *
 * Cores of one sharing must have top memories of equal size, and, if it says no operands, for the
 * same groups of operands. A core's operand is in one sharing at most.
 *
 * arena  kept by `acc`
 * errs   INVALID with the location of the core, memory or link;  LIMIT: more than STREAM_MAX_* */
STREAM_NODISCARD
stream_status stream_accelerator_finish(stream_accelerator *acc, stream_arena *arena,
                                        const stream_diag *diag);

/* Every memory of the core has the ports that an operand which it holds needs: inputs are read
 * towards the array (tl) and written from above (fh), outputs written from the array (fl) and read
 * towards above (th). What is above the top memory of an operand is there if its bit is set in
 * `exchanged`. Partial sums need not return (tl and fh of O): the mapping is chosen without, then.
 *
 * errs  INVALID at the memory */
STREAM_NODISCARD
stream_status stream_core_check_ports(const stream_core *core, uint8_t exchanged,
                                      const stream_diag *diag);

/* True if `core` is a compute core that may run `op` (an ONNX operator name; case is ignored, and
 * Gemm, MatMul and BatchMatMul are one). */
bool stream_core_runs(const stream_core *core, const char *op);

/* True if `core` may run `op` on the results of another operator, before they are stored: the unit
 * for post-processing has it; where nothing is said of one, the core runs it. */
bool stream_core_post_processes(const stream_core *core, const char *op);

/* The first core of the same type_name as `core` that has a value >= 0 (a price that cores of its
 * class share, say, but `core` is of another class); -1: there is none, or `core` has no type.
 *
 * values  [n_cores], borrowed */
int32_t stream_core_of_type_with(const stream_accelerator *acc, int32_t core,
                                 const int64_t *values);

/* The ids >= 0 among those of the operand classes, each once, in their order. Returns how many. */
int32_t stream_distinct_ids(const int32_t of_operand[STREAM_N_OPERANDS],
                            int32_t out[STREAM_N_OPERANDS]);

/* The top memories of a core, as instances, each once. Returns how many. */
int32_t stream_core_tops(const stream_accelerator *acc, int32_t core,
                         int32_t out[STREAM_N_OPERANDS]);

/* The port through which `operand` leaves (`write` false) or enters (`write` true) an instance from
 * outside, as an index into resources: reads prefer th, then tl; writes prefer fh, then fl; then
 * the first port of that kind. -1 only on accelerators that `finish` refused. */
int32_t stream_accelerator_port(const stream_accelerator *acc, int32_t instance,
                                stream_operand_class operand, bool write);

/* Energy [fJ] of moving `bits` through a port resource: ceil(bits / bandwidth_max) accesses at the
 * owner memory's read_pj or write_pj each. */
int64_t stream_port_energy_fj(const stream_accelerator *acc, int32_t resource, int64_t bits,
                              bool write);

/* Integer femtojoules of `pj` >= 0, rounded to nearest; INT64_MAX when it does not fit. */
int64_t stream_fj(double pj);

#ifdef __cplusplus
}
#endif

#endif
