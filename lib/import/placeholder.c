/* placeholder until the module lands */ typedef int stream_import_placeholder;
