// RUN: unit-support-text_file %t.dir
/* Files are written to the directory that is named, or to one beside the program. */

#define _XOPEN_SOURCE 700 /* mkfifo, symlink */

#include "stream/support/text_file.h"
#include "test.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[512], other[512];

static const char *in_dir(char *out, const char *dir, const char *name) {
    snprintf(out, sizeof path, "%s/%s", dir, name);
    (void)unlink(out);
    return out;
}

static int says(const char *file, const char *text) {
    stream_text read = {0};
    int same = stream_file_read(file, 100, NULL, &read) == STREAM_OK && !strcmp(read.data, text);
    stream_text_free(&read);
    return same;
}

static int put(const char *file, const char *text) {
    return stream_file_write(file, text, strlen(text), NULL) == STREAM_OK;
}

/* A file that is there keeps its mode, also through a link, which stays one. */
static void files(const char *dir) {
    struct stat at;
    in_dir(path, dir, "file");
    in_dir(other, dir, "link");
    CHECK(put(path, "one") && says(path, "one"));
    CHECK_EQ(chmod(path, 0640), 0);
    CHECK(put(path, "two") && says(path, "two"));
    CHECK(stat(path, &at) == 0 && (at.st_mode & 0777) == 0640);
    CHECK_EQ(symlink("file", other), 0);
    CHECK(put(other, "three") && says(path, "three"));
    CHECK(lstat(other, &at) == 0 && S_ISLNK(at.st_mode));
    CHECK_EQ(unlink(path), 0);
    CHECK(put(other, "four") && says(path, "four")); /* it led nowhere */
    CHECK(lstat(other, &at) == 0 && S_ISLNK(at.st_mode));
}

/* Devices and pipes are written, not replaced; what cannot be written leaves nothing behind. */
static void others(const char *dir) {
    struct stat at;
    in_dir(path, dir, "pipe");
    CHECK_EQ(mkfifo(path, 0600), 0);
    FILE *end = fopen(path, "r+"); /* so that nobody waits for the other end */
    CHECK(end != NULL);
    CHECK(put(path, "in\n"));
    CHECK(stat(path, &at) == 0 && S_ISFIFO(at.st_mode));
    char line[8] = "";
    CHECK(end && fgets(line, sizeof line, end) && !strcmp(line, "in\n"));
    if (end)
        fclose(end);
    CHECK(put("/dev/stderr", ""));
    CHECK(!put(dir, "a directory"));
    in_dir(path, dir, "nowhere/file");
    CHECK(!put(path, "no such directory"));
}

static int n_files(const char *dir) {
    int n = 0;
    DIR *open = opendir(dir);
    while (open && readdir(open))
        n++;
    if (open)
        closedir(open);
    return n;
}

/* All or none: what was there stays, and nothing is left over. */
static void together(const char *dir) {
    in_dir(path, dir, "first");
    in_dir(other, dir, "second");
    stream_file two[] = {{path, "1", 1}, {other, "2", 1}}, bad[] = {{path, "3", 1}, {dir, "4", 1}};
    CHECK_EQ(stream_files_write(two, 2, NULL), STREAM_OK);
    CHECK(says(path, "1") && says(other, "2"));
    int before = n_files(dir);
    CHECK_EQ(stream_files_write(bad, 2, NULL), STREAM_IO);
    CHECK(says(path, "1"));
    CHECK_EQ(n_files(dir), before);
}

int main(int argc, char **argv) {
    const char *dir = argc > 1 ? argv[1] : "unit-support-text_file.dir";
    (void)mkdir(dir, 0777);
    files(dir);
    others(dir);
    together(dir);
    return test_done();
}
