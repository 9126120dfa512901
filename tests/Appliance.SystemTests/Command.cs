using System.Diagnostics;

namespace Appliance.SystemTests;

/// <summary>A program run to its end.</summary>
internal sealed record Command(int ExitCode, string Output, string Error)
{
    public static Command Run(string program, params string[] arguments) => Run(TimeSpan.FromMinutes(3), program, arguments);

    public static Command Run(TimeSpan limit, string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} still ran after {limit}");
        }

        return new Command(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>Runs it and fails with what it printed unless it succeeds.</summary>
    public static string Check(string program, params string[] arguments)
    {
        Command command = Run(program, arguments);
        return command.ExitCode == 0
            ? command.Output
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)}: exit {command.ExitCode}\n{command.Output}\n{command.Error}");
    }

    public static Process Start(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(Place.FindProgram(program) ?? program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        // Debian's dcmtk leaves Nagle's algorithm on; a peer that crawls at 20 slices/s only makes these tests long.
        start.Environment["TCP_NODELAY"] = "1";
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }
}
