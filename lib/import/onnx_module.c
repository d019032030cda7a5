/* The text of the module; see onnx_import.h. */

#include "onnx_import.h"

static void print_name(stream_text *text, const char *name) {
    stream_text_str(text, " {stream.name = ");
    stream_onnx_print_string(text, name);
    stream_text_str(text, "}");
}

static void print_signature(onnx_ctx *c, const Onnx__GraphProto *graph, onnx_value **results,
                            stream_text *text) {
    const char *separator = "";
    stream_text_str(text, "  func.func @main(");
    for (size_t i = 0; i < c->arguments.n; ++i) {
        const onnx_value *v = STREAM_AT(onnx_value *, c->arguments, i);
        if (!v->used)
            continue;
        stream_text_print(text, "%s%s: ", separator, v->ssa);
        stream_onnx_print_type(text, v);
        print_name(text, v->name);
        separator = ",\n                  ";
    }
    stream_text_str(text, ")\n      -> (");
    for (size_t i = 0; i < graph->n_output; ++i) {
        stream_text_str(text, i ? ", " : "");
        stream_onnx_print_type(text, results[i]);
        print_name(text, graph->output[i]->name);
    }
    stream_text_str(text, ") {\n");
}

void stream_onnx_print_module(onnx_ctx *c, const Onnx__GraphProto *graph, onnx_value **results,
                              stream_text *text) {
    stream_text_str(text, "module {\n");
    print_signature(c, graph, results, text);
    stream_text_append(text, c->constants.data ? c->constants.data : "", c->constants.length);
    stream_text_append(text, c->body.data ? c->body.data : "", c->body.length);
    stream_text_str(text, "    return ");
    for (size_t i = 0; i < graph->n_output; ++i)
        stream_text_print(text, "%s%s", i ? ", " : "", results[i]->ssa);
    stream_text_str(text, " : ");
    for (size_t i = 0; i < graph->n_output; ++i) {
        stream_text_str(text, i ? ", " : "");
        stream_onnx_print_type(text, results[i]);
    }
    stream_text_str(text, "\n  }\n}\n");
    if (!c->n_resources)
        return;
    stream_text_str(text, "\n{-#\n  dialect_resources: {\n    builtin: {");
    stream_text_append(text, c->resources.data, c->resources.length);
    stream_text_str(text, "\n    }\n  }\n#-}\n");
}
