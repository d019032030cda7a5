/* placeholder until the module lands */ typedef int stream_check_placeholder;
