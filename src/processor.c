// Linked into every native binary of ours for x86-64 (Directory.Build.targets) and run before the .NET runtime starts: by itself
// the runtime answers a processor that lacks the instructions we compile for with abort(), a core dump and exit code 134.
#include <unistd.h>

__attribute__((constructor(101))) static void require_x86_64_v3(void)
{
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("x86-64-v3"))
    {
        static const char line[] = "this processor is too old for the appliance: it lacks x86-64-v3 (AVX2, FMA, BMI2: Intel Haswell, AMD Zen or later)\n";
        ssize_t written = write(2, line, sizeof line - 1);
        (void)written;
        _exit(78); // EX_CONFIG: systemd does not restart on it (image/systemd/appliance.service)
    }
}
