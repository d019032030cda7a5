/* What memories and links of a small accelerator can carry at most, for brute_force.h.
 *
 * Memories that one core sees are a cluster, and so on through shared ones: between clusters data
 * moves over links only. A link has its bandwidth in each direction, a bus one for all. */
#ifndef BRUTE_HARDWARE_H
#define BRUTE_HARDWARE_H

#include "random_instance.h"

enum {
    BRUTE_MAX_CORES = RANDOM_MAX_CORES,
    BRUTE_MAX_INSTANCES = 3 * RANDOM_MAX_CORES,
    BRUTE_MAX_CLUSTERS = RANDOM_MAX_CORES,
    BRUTE_MAX_SETS = 1 << BRUTE_MAX_CLUSTERS
};

#define BRUTE_FAR (INT64_MAX / 8) /* no way */

/* Rates are bits per cycle; sets are clusters as bits. */
typedef struct {
    const stream_accelerator *acc;
    int32_t n_clusters, offchip; /* the cluster of off-chip memory */
    int32_t cluster[BRUTE_MAX_INSTANCES];
    unsigned instances[BRUTE_MAX_CLUSTERS];                        /* as bits */
    int64_t write[BRUTE_MAX_INSTANCES], read[BRUTE_MAX_INSTANCES]; /* of all such ports */
    int64_t ports[BRUTE_MAX_INSTANCES];                            /* of both kinds, each once */
    int64_t into[BRUTE_MAX_SETS];   /* of links from outside the set into it, or the other way */
    int64_t across[BRUTE_MAX_SETS]; /* both ways */
    int64_t hop[BRUTE_MAX_SETS];    /* least latency of one of these links */
    int64_t all_links, least_hop;
    int64_t way[BRUTE_MAX_CLUSTERS][BRUTE_MAX_CLUSTERS]; /* least latency of links */
    bool apart[BRUTE_MAX_CLUSTERS][BRUTE_MAX_CLUSTERS];  /* they are joined by way of off-chip
                                                            memory alone: two transfers */
    int64_t enter[BRUTE_MAX_CLUSTERS], leave[BRUTE_MAX_CLUSTERS]; /* rates from and to elsewhere */
} brute_hardware;

static int32_t brute_core_cluster(const brute_hardware *h, int32_t core) {
    return h->cluster[h->acc->top[core * STREAM_N_OPERANDS + STREAM_O]];
}

static void brute_find_clusters(brute_hardware *h) {
    const stream_accelerator *acc = h->acc;
    int32_t lowest[BRUTE_MAX_INSTANCES];
    for (int32_t i = 0; i < acc->n_instances; ++i)
        lowest[i] = i;
    for (int32_t pass = 0; pass < acc->n_instances; ++pass)
        for (int32_t c = 0; c < acc->n_cores; ++c)
            for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
                for (int32_t k = 0; k < STREAM_N_OPERANDS; ++k) {
                    int32_t x = acc->top[c * STREAM_N_OPERANDS + o];
                    int32_t y = acc->top[c * STREAM_N_OPERANDS + k];
                    if (x >= 0 && y >= 0 && lowest[x] < lowest[y])
                        lowest[y] = lowest[x];
                }
    for (int32_t i = 0; i < acc->n_instances; ++i) {
        h->cluster[i] = lowest[i] == i ? h->n_clusters++ : h->cluster[lowest[i]];
        h->instances[h->cluster[i]] |= 1u << i;
    }
    h->offchip = h->cluster[acc->offchip_instance];
}

/* All ports of the instance through which data is read (1), written (2) or both (3) from outside.
 */
static int64_t brute_ports(const stream_accelerator *acc, int32_t instance, int32_t kinds) {
    int64_t sum = 0;
    for (int32_t r = 0; r < acc->n_resources; ++r) {
        bool used = false;
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
            for (int32_t write = 0; write < 2; ++write)
                used |= kinds >> write & 1 &&
                        stream_accelerator_port(acc, instance, (stream_operand_class)o, write) == r;
        sum += used ? acc->resources[r].bandwidth_bits : 0;
    }
    return sum;
}

static unsigned brute_link_clusters(const brute_hardware *h, const stream_link *link) {
    unsigned set = 0;
    for (int32_t k = 0; k < link->n_cores; ++k)
        set |= 1u << brute_core_cluster(h, link->cores[k]);
    return set;
}

static void brute_find_links(brute_hardware *h) {
    h->least_hop = BRUTE_FAR;
    for (unsigned set = 0; set < BRUTE_MAX_SETS; ++set)
        h->hop[set] = BRUTE_FAR;
    for (int32_t l = 0; l < h->acc->n_links; ++l) {
        const stream_link *link = &h->acc->links[l];
        unsigned ends = brute_link_clusters(h, link);
        int64_t both = link->bandwidth_bits * (link->bus ? 1 : 2);
        for (unsigned set = 0; set < 1u << h->n_clusters; ++set) {
            if (!(ends & set) || !(ends & ~set))
                continue;
            h->into[set] += link->bandwidth_bits;
            h->across[set] += both;
            h->hop[set] = stream_min_i64(h->hop[set], link->latency_cycles);
        }
        h->all_links += both;
        h->least_hop = stream_min_i64(h->least_hop, link->latency_cycles);
    }
}

/* Least latency from cluster to cluster. Routes do not pass through the off-chip core; data may
 * stop there, and is complete before it leaves again: a cycle later at the earliest. */
static void brute_find_ways(brute_hardware *h) {
    int32_t n = h->n_clusters, n_offchip_cores = 0;
    for (int32_t c = 0; c < h->acc->n_cores; ++c)
        n_offchip_cores += brute_core_cluster(h, c) == h->offchip;
    for (int32_t x = 0; x < n; ++x)
        for (int32_t y = 0; y < n; ++y)
            h->way[x][y] = x == y ? 0 : BRUTE_FAR;
    for (int32_t l = 0; l < h->acc->n_links; ++l) {
        unsigned ends = brute_link_clusters(h, &h->acc->links[l]);
        for (int32_t x = 0; x < n; ++x)
            for (int32_t y = 0; y < n; ++y)
                if (x != y && ends >> x & 1 && ends >> y & 1)
                    h->way[x][y] = stream_min_i64(h->way[x][y], h->acc->links[l].latency_cycles);
    }
    for (int32_t k = 0; k < n; ++k)
        for (int32_t x = 0; x < n && (k != h->offchip || n_offchip_cores > 1); ++x)
            for (int32_t y = 0; y < n; ++y)
                h->way[x][y] = stream_min_i64(h->way[x][y], h->way[x][k] + h->way[k][y]);
    for (int32_t x = 0; x < n; ++x)
        for (int32_t y = 0; y < n; ++y) {
            h->apart[x][y] = h->way[x][y] >= BRUTE_FAR;
            h->way[x][y] =
                stream_min_i64(h->way[x][y], h->way[x][h->offchip] + 1 + h->way[h->offchip][y]);
        }
}

static void brute_find_rates(brute_hardware *h) {
    int32_t offchip = h->acc->offchip_instance;
    for (int32_t i = 0; i < h->acc->n_instances; ++i) {
        h->read[i] = brute_ports(h->acc, i, 1);
        h->write[i] = brute_ports(h->acc, i, 2);
        h->ports[i] = brute_ports(h->acc, i, 3);
    }
    for (int32_t y = 0; y < h->n_clusters; ++y) {
        bool alone = y != h->offchip;
        for (int32_t x = 0; x < h->n_clusters; ++x)
            alone &= x == y || x == h->offchip || h->apart[x][y];
        h->enter[y] = h->leave[y] = h->into[1u << y];
        if (alone) {
            h->enter[y] = stream_min_i64(h->enter[y], h->read[offchip]);
            h->leave[y] = stream_min_i64(h->leave[y], h->write[offchip]);
        }
    }
}

static brute_hardware brute_hardware_of(const stream_accelerator *acc) {
    brute_hardware h = {.acc = acc};
    brute_find_clusters(&h);
    brute_find_links(&h);
    brute_find_ways(&h);
    brute_find_rates(&h);
    return h;
}

#endif
