/* Making room: what to drop, and saving what is still needed; see engine.h. */

#include "engine.h"

#include "stream/support/integer.h"

/* A complete buffer of all of the datum beside the primary one, or -1; off-chip if there is one. */
static int32_t find_copy(const engine *e, int32_t datum) {
    if (e->copies[datum] == 0)
        return -1;
    int32_t n_lists, list = stream_engine_lists(e, datum, &n_lists), best = -1;
    for (int32_t i = list; i < list + n_lists; ++i)
        for (int32_t k = e->heads[i]; k >= 0; k = buffer_at(e, k)->next) {
            const buffer *b = buffer_at(e, k);
            if (k == e->data[datum].primary || b->times.complete == STREAM_NEVER || !b->whole)
                continue;
            if (best < 0 || b->instance == e->m->acc->offchip_instance)
                best = k;
        }
    return best;
}

static int64_t bits_of(const engine *e, int32_t datum, const stream_box *box) {
    const stream_ct_graph *g = e->m->graph;
    return datum < g->n_cts && box == &g->cts[datum].box
               ? e->m->facts[datum].bits
               : stream_ct_graph_bits(g, datum_tensor(e->m, datum), box);
}

/* A buffer for some of the datum in off-chip memory, or -1: full. */
static int32_t add_offchip(engine *e, int32_t datum, const stream_box *box) {
    int32_t offchip = e->m->acc->offchip_instance;
    int64_t bits = stream_engine_rounded(e, offchip, bits_of(e, datum, box));
    memory_window window;
    if (!stream_memory_map_append(&e->maps[offchip], bits, &window)) {
        e->failure.instance = offchip;
        e->failed_bits = bits;
        e->failed_tensor = datum_tensor(e->m, datum);
        return -1;
    }
    int32_t id = stream_engine_add_primary(e, datum, offchip, STREAM_O, box, &window);
    buffer_at(e, id)->start = window.free_from;
    return id;
}

int32_t stream_engine_copy_offchip(engine *e, int32_t datum, const stream_box *box) {
    int32_t from = e->data[datum].primary, to = add_offchip(e, datum, box);
    quote q;
    if (to < 0)
        return -1;
    const buffer *target = buffer_at(e, to);
    int64_t bits = stream_engine_bits(e, to);
    if (!stream_engine_quote(e, from, target->instance, STREAM_O, bits, target->start, &q)) {
        e->failure =
            (placement_failure){.instance = buffer_at(e, from)->instance, .no_route = true};
        return -1;
    }
    stream_engine_book(e, &q, to, bits);
    return to;
}

/* Copies all of the datum off-chip, as early as possible. */
bool stream_engine_secure(engine *e, int32_t datum) {
    int32_t offchip = e->m->acc->offchip_instance, from = e->data[datum].primary;
    if (primary_instance(e, datum) == offchip)
        return true;
    (void)stream_engine_uses(e, from); /* it will be primary no more */
    int32_t other = find_copy(e, datum);
    if (other >= 0 && buffer_at(e, other)->instance == offchip) {
        stream_engine_set_primary(e, other);
        return true;
    }
    /* What is not off-chip was written by a CT; box_of would die. */
    int32_t to = stream_engine_copy_offchip(e, datum, &e->m->graph->cts[datum].box);
    if (to < 0)
        return false;
    stream_engine_set_primary(e, to);
    return true;
}

bool stream_engine_evict(engine *e, int32_t id) {
    int32_t datum = buffer_at(e, id)->datum;
    if (e->pieces.n > 0 && stream_engine_first_need(e, datum) >= 0)
        stream_engine_fetch_from(e, id); /* which may leave a copy of all of it */
    if (e->data[datum].primary == id) {
        int32_t other = find_copy(e, datum);
        if (other >= 0)
            stream_engine_set_primary(e, other);
        else if (!stream_engine_spill(e, datum) && !stream_engine_secure(e, datum))
            return false;
    } else if (datum >= e->m->graph->n_cts && stream_engine_uses(e, id) > 0) {
        e->comes_again[datum - e->m->graph->n_cts] = true;
    }
    stream_engine_drop(e, id, stream_engine_until(e, id));
    return true;
}

/* How often its bits must be moved because of an eviction. */
static int64_t moves_of(engine *e, int32_t id) {
    const buffer *b = buffer_at(e, id);
    bool last = e->data[b->datum].primary == id && e->copies[b->datum] == 0;
    return (last ? 2 : 0) + (stream_engine_uses(e, id) > 0);
}

/* CTs from now to the next one that needs it. */
static int64_t distance_of(engine *e, int32_t id) {
    int32_t next = stream_engine_next_use(e, id);
    if (next == INT32_MAX)
        return INT32_MAX;
    int32_t now = turn_of(e, e->ct);
    return turn_of(e, next) > now ? turn_of(e, next) - now : 0;
}

/* What evicting costs: bits that must be moved because of it, less if they are needed late. */
static int64_t eviction_cost(engine *e, int32_t id) {
    return moves_of(e, id) * (buffer_at(e, id)->bits / (distance_of(e, id) + 16) + 1);
}

/* Contiguous segments that can be made free, and what that costs. */
typedef struct {
    int32_t first;
    int64_t bits, cost;
} room;

static bool is_evictable(engine *e, int32_t id) {
    int32_t datum = buffer_at(e, id)->datum;
    return datum >= 0 && times_in(e, &e->data[datum], id)->complete != STREAM_NEVER &&
           !stream_engine_needs_now(e, id);
}

static int64_t segment_cost(engine *e, const segment *s) {
    return s->buffer < 0 ? 0 : eviction_cost(e, s->buffer);
}

/* All segments of a memory of at most FEW_SEGMENTS are looked at for one room. In a memory of more
 * it is MOST_SEARCHED, and the next search goes on where the last one ended, so that all have their
 * turn. */
#define FEW_SEGMENTS  256
#define MOST_SEARCHED 64

/* The cheapest run of evictable segments of at least `bits`: of each end the shortest, since no
 * cost is negative. Looks at more than it should only until there is one. */
static bool find_room(engine *e, memory_map *map, int64_t bits, room *best) {
    bool found = false;
    int32_t n = map->n - map->n_spare, most = n <= FEW_SEGMENTS ? n : MOST_SEARCHED;
    int32_t i = n <= FEW_SEGMENTS ? map->head : map->hand;
    room r = {.first = i};
    for (int32_t k = 0; k < n && !(found && k >= most); ++k) {
        segment *s = &map->segments[i];
        const segment *first;
        i = s->next < 0 ? map->head : s->next;
        if (s->buffer >= 0 && !is_evictable(e, s->buffer)) {
            r = (room){.first = i};
            continue;
        }
        s->cost = segment_cost(e, s);
        r.bits += s->size;
        r.cost += s->cost;
        while (first = &map->segments[r.first], r.bits - first->size >= bits) {
            r.bits -= first->size;
            r.cost -= first->cost;
            r.first = first->next;
        }
        if (r.bits >= bits && (!found || r.cost < best->cost)) {
            *best = r;
            found = true;
        }
        if (s->next < 0)
            r = (room){.first = i};
    }
    map->hand = i;
    return found;
}

/* Buffers of a pooled memory that are compared for one eviction. The order of the program is not
 * that in which CTs will run: of more, the one that it says is needed last is more often one that
 * is needed next. */
#define MOST_COMPARED 16

/* Of a pooled memory, the buffer that costs least for its size, of some that have their turn; -1:
 * none may leave. */
static int32_t find_victim(engine *e, memory_ring *ring) {
    int32_t best = -1, compared = 0, i = ring->hand;
    int64_t best_distance = -1;
    for (int32_t n = ring->n_live; n > 0 && compared < MOST_COMPARED; --n) {
        int32_t id = ring->nodes[i].buffer;
        i = stream_memory_ring_after(ring, i);
        if (!is_evictable(e, id))
            continue;
        int64_t moves = moves_of(e, id);
        int64_t distance = moves ? distance_of(e, id) / moves : (int64_t)INT32_MAX + 1;
        ++compared;
        if (distance > best_distance) {
            best_distance = distance;
            best = id;
        }
    }
    ring->hand = i;
    return best;
}

static bool make_room_pooled(engine *e, memory_map *map, int64_t bits) {
    while (map->size - map->live < bits) {
        int32_t victim = find_victim(e, &map->ring);
        if (victim < 0 || !stream_engine_evict(e, victim))
            return false;
    }
    return true;
}

/* Buffers from segment `first` on up to address `end`. */
static void list_victims(engine *e, const memory_map *map, int32_t first, int64_t end) {
    e->victims.n = 0;
    for (int32_t i = first; i >= 0 && map->segments[i].address < end; i = map->segments[i].next)
        if (map->segments[i].buffer >= 0)
            *(int32_t *)stream_vec_push(&e->victims) = map->segments[i].buffer;
}

static void list_pooled(engine *e, const memory_ring *ring) {
    e->victims.n = 0;
    for (int32_t i = ring->head; i >= 0; i = ring->nodes[i].next)
        *(int32_t *)stream_vec_push(&e->victims) = ring->nodes[i].buffer;
}

static bool evict_victims(engine *e) {
    for (size_t i = 0; i < e->victims.n; ++i)
        if (!stream_engine_evict(e, STREAM_AT(int32_t, e->victims, i)))
            return false;
    return true;
}

bool stream_engine_make_room(engine *e, int32_t instance, int64_t bits) {
    memory_map *map = &e->maps[instance];
    room r = {.first = -1};
    if (instance == e->m->acc->offchip_instance)
        return false;
    if (map->pooled)
        return make_room_pooled(e, map, bits);
    if (!find_room(e, map, bits, &r))
        return false;
    e->score.rooms++;
    e->score.fragmented += map->size - map->live >= bits;
    list_victims(e, map, r.first, map->segments[r.first].address + bits);
    return evict_victims(e);
}

bool stream_engine_compact(engine *e, int32_t instance) {
    memory_map *map = &e->maps[instance];
    if (instance == e->m->acc->offchip_instance)
        return false;
    if (map->pooled)
        list_pooled(e, &map->ring);
    else
        list_victims(e, map, map->head, map->size);
    if (!evict_victims(e))
        return false;
    e->compacted[instance] = e->ct;
    return true;
}
