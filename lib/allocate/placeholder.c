/* placeholder until the module lands */ typedef int stream_allocate_placeholder;
