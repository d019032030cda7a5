/* placeholder until the module lands */ typedef int stream_plan_placeholder;
