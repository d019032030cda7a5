#ifndef STREAM_LIB_EXPORT_PAGE_H
#define STREAM_LIB_EXPORT_PAGE_H

/* The files of lib/export/page, embedded by cmake/StreamEmbed.cmake; js: all scripts in the order
 * of lib/CMakeLists.txt. */
extern const char stream_page_html[], stream_page_css[], stream_page_js[];

#endif
