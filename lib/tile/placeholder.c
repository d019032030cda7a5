/* placeholder until the module lands */ typedef int stream_tile_placeholder;
