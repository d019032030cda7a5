# cmake -DOUT=file.c -DHEADER=file.h -DNAME=array -DFILES="a;b" -P StreamEmbed.cmake: the bytes of the files, one behind
# the other and with a NUL behind the last, as the C array NAME, a line of the array for each line of the files.
set(bytes "")
foreach(file IN LISTS FILES)
  file(READ ${file} hex HEX)
  string(APPEND bytes ${hex})
endforeach()
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
string(REPLACE "'\\x0a'," "'\\x0a',\n" bytes "${bytes}")
file(WRITE ${OUT} "#include \"${HEADER}\"\n\nconst char ${NAME}[] = {\n${bytes}0};\n")
