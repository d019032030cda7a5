/* placeholder until the module lands */ typedef int stream_schedule_placeholder;
