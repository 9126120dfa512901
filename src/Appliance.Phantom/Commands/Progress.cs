using Spectre.Console;

namespace Appliance.Phantom.Commands;

/// <summary>A progress bar on a terminal, a line for each tenth elsewhere.</summary>
internal static class Progress
{
    public static async Task<T> ShowAsync<T>(string what, int total, Func<Action<int>, Task<T>> work)
    {
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive)
        {
            return await work(done =>
            {
                if (done * 10 / total != (done - 1) * 10 / total)
                {
                    Console.WriteLine($"{what}: {done} of {total}");
                }
            });
        }

        return await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                ProgressTask bar = context.AddTask(what, true, total);
                return work(done => bar.Value = done);
            });
    }
}
