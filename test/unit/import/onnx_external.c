// RUN: unit-import-onnx_external

#include "onnx_build.h"

#include <stdlib.h>
#include <unistd.h>

static char directory[] = "stream-onnx-XXXXXX";
static char model_path[64];

/* y = x + w, w [3] in another file. */
static stream_status import_at(const char *location, const char *offset, const char *length,
                               messages *log, stream_text *out) {
    const char *keys[] = {"location", "offset", "length"}, *values[] = {location, offset, length};
    stream_text g = {0}, t = {0};
    put_list(&t, 1, "3");
    put_int(&t, 2, FLOAT);
    put_string(&t, 8, "w");
    for (int i = 0; i < 3; ++i) {
        stream_text entry = {0};
        if (!values[i])
            continue;
        put_string(&entry, 1, keys[i]);
        put_string(&entry, 2, values[i]);
        put_message(&t, 13, &entry);
    }
    put_int(&t, 14, 1);
    put_message(&g, 5, &t);
    input(&g, "x", FLOAT, "3");
    node(&g, "Add", "a", "x,w", "y", NULL);
    output(&g, "y", FLOAT, "3");
    stream_text m = model(&g, 13);
    return import_model(&m, model_path, log, out);
}

static void refused(stream_status want_status, const char *location, const char *offset,
                    const char *length, const char *want) {
    messages log;
    stream_text out;
    CHECK_EQ(import_at(location, offset, length, &log, &out), want_status);
    if (!strstr(log.text, want))
        printf("# want: %s\n# got:  %s\n", want, log.text);
    CHECK(log.errors == 1 && strstr(log.text, want));
}

static void reads(void) {
    messages log;
    stream_text out;
    CHECK_EQ(import_at("w.bin", "4", "12", &log, &out), STREAM_OK);
    has(&out, "dense<[1.500000e+00, 2.500000e+00, -3.000000e+00]> : tensor<3xf32>");
    stream_text_free(&out);
    CHECK_EQ(import_at("w.bin", "4", NULL, &log, &out), STREAM_OK);
    stream_text_free(&out);
}

/* No such file: the weights are an argument, and somebody is told. */
static void missing(void) {
    messages log;
    stream_text out;
    CHECK_EQ(import_at("gone.bin", "0", "12", &log, &out), STREAM_OK);
    CHECK_EQ(log.warnings, 1);
    CHECK(strstr(log.text, "external data file 'gone.bin' does not exist"));
    has(&out, "%arg1: tensor<3xf32> {stream.name = \"w\"}");
    stream_text_free(&out);
}

static void bad_places(void) {
    refused(STREAM_INVALID, "w.bin", "8", "12", "is 12 bytes at offset 8 of");
    refused(STREAM_INVALID, "w.bin", "9223372036854775807", NULL, "which has 16");
    refused(STREAM_INVALID, "w.bin", "99999999999999999999", NULL, "not a non-negative number");
    refused(STREAM_INVALID, "w.bin", "-4", NULL, "not a non-negative number");
    refused(STREAM_INVALID, "w.bin", "0", "8", "has 8 bytes, its shape needs 12");
    refused(STREAM_INVALID, "../w.bin", "0", "12", "outside the model's directory");
    refused(STREAM_INVALID, "a/../../w.bin", "0", "12", "outside the model's directory");
    refused(STREAM_INVALID, "/etc/passwd", "0", "12", "outside the model's directory");
    refused(STREAM_INVALID, "", "0", "12", "outside the model's directory");
    refused(STREAM_INVALID, NULL, "0", "12", "has no location");
    refused(STREAM_IO, ".", "0", "12", "is not a regular file");
}

int main(void) {
    static const float data[] = {0, 1.5f, 2.5f, -3};
    char path[64];
    CHECK(mkdtemp(directory) != NULL);
    snprintf(model_path, sizeof model_path, "%s/m.onnx", directory);
    snprintf(path, sizeof path, "%s/w.bin", directory);
    FILE *file = fopen(path, "wb");
    CHECK(file && fwrite(data, 1, sizeof data, file) == sizeof data);
    if (file)
        fclose(file);
    reads();
    missing();
    bad_places();
    unlink(path);
    rmdir(directory);
    return test_done();
}
