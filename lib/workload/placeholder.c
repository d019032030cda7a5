/* placeholder until the module lands */ typedef int stream_workload_placeholder;
