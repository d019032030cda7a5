/* placeholder until the module lands */ typedef int stream_cost_placeholder;
