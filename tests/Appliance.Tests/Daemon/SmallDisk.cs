using System.Diagnostics;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>A file system of one megabyte (tmpfs), so that a full disk is a real one. Needs root; the test is skipped without.</summary>
internal sealed class SmallDisk : IDisposable
{
    public SmallDisk(string folder)
    {
        Folder = Directory.CreateDirectory(folder).FullName;
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=1m", "none", Folder) == 0, "mounting a small tmpfs needs root");
    }

    public string Folder { get; }

    public void MakeReadOnly(bool readOnly) => Assert.Equal(0, Run("mount", "-o", readOnly ? "remount,ro" : "remount,rw", Folder));

    public void Dispose() => Run("umount", Folder);

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
