/* The values of a network's tensors; see workload.h. */

#include "ir.h"
#include "workload.h"

/* The list of a tensor of several results, or NULL. */
static const stream_layer_ops *several(const stream_network *network, int32_t tensor) {
    const stream_tensor *t = &network->workload.tensors[tensor];
    return t->lanes > 0 ? network->workload.layers[t->layer].ops : NULL;
}

int32_t stream_network_n_values(const stream_network *network, int32_t tensor) {
    const stream_layer_ops *ops = several(network, tensor);
    return ops ? ops->results.n : 1;
}

MlirValue stream_network_value(const stream_network *network, int32_t tensor, int32_t i) {
    const stream_layer_ops *ops = several(network, tensor);
    return ops ? mlirOperationGetResult(ops->ops[0], ops->results.ids[i])
               : network->tensor_values[tensor];
}

int32_t stream_network_value_at(const stream_network *network, int32_t tensor,
                                const stream_box *box) {
    int32_t n = stream_network_n_values(network, tensor), i = 0;
    int64_t bits =
        n > 1 ? (int64_t)box->lo[box->rank - 1] * network->workload.tensors[tensor].element_bits
              : 0;
    for (; i < n - 1 && bits > 0; ++i) {
        MlirType type = mlirValueGetType(stream_network_value(network, tensor, i));
        bits -= stream_ir_element_bits(mlirShapedTypeGetElementType(type));
    }
    return i;
}
