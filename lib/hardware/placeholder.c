/* placeholder until the module lands */ typedef int stream_hardware_placeholder;
