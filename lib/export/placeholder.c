/* placeholder until the module lands */ typedef int stream_export_placeholder;
