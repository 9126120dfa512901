using System.Diagnostics;
using System.Text;
using Xunit;

namespace Appliance.SystemTests;

/// <summary>Debian's sshd on loopback with the lines of image/ssh/appliance.conf: our output and nothing else.</summary>
public sealed class SshTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_key_gets_what_its_role_allows_and_no_shell_no_file_and_no_port()
    {
        Place.Needs("sshd", "ssh", "scp", "ssh-keygen", "echoscu");
        Assert.SkipUnless(Place.IsRoot, "sshd has to be started as root");
        using RunningAppliance appliance = new(scratch["box"]);
        using ServiceSsh ssh = new(scratch["ssh"], appliance.Socket);

        // 1. Each role what is its own.
        Assert.Contains("lamp: ", ssh.Run("viewer", "status").Output, StringComparison.Ordinal);
        Assert.Equal(77, ssh.Run("viewer", "identify", "on").ExitCode);
        Assert.Equal(0, ssh.Run("service", "identify", "on").ExitCode);
        Assert.Equal(0, ssh.Run("service", "identify", "off").ExitCode);
        Assert.Contains("lamp: ", ssh.Run("viewer").Output, StringComparison.Ordinal);

        // 2. What a shell would take for its own.
        string witness = scratch["witness"];
        foreach (string command in new[]
        {
            $"status; touch {witness}", $"status && touch {witness}", $"$(touch {witness})", $"`touch {witness}`",
            $"status | tee {witness}", $"status > {witness}", $"status\ntouch {witness}",
            "sh", "/bin/bash -i", "status --socket x", "\e[2Jstatus", "status \u0001",
            "status " + new string('a', 100_000),
        })
        {
            Command refused = ssh.Run("service", command);
            Assert.Equal((77, ""), (refused.ExitCode, refused.Output));
        }

        Assert.False(File.Exists(witness), "a shell ran");

        // 3. No file in or out, by the old protocol or by sftp.
        File.WriteAllText(scratch["out.txt"], "out");
        Assert.NotEqual(0, ssh.Copy(scratch["out.txt"], $"service@127.0.0.1:{witness}").ExitCode);
        Assert.NotEqual(0, ssh.Copy("-O", scratch["out.txt"], $"service@127.0.0.1:{witness}").ExitCode);
        Assert.NotEqual(0, ssh.Copy("service@127.0.0.1:/etc/passwd", witness).ExitCode);
        Assert.False(File.Exists(witness), "a file was copied");

        // 4. No port: asked for without a command, sshd refuses each of them.
        string[] back = ["-o", "ExitOnForwardFailure=yes", "-R", $"127.0.0.1:{Place.FreePort()}:127.0.0.1:22"];
        Command forward = ssh.Run("service", back, "status");
        Assert.NotEqual(0, forward.ExitCode);
        Command tunnel = ssh.Run("service", ["-W", $"127.0.0.1:{appliance.Port}"]);
        Assert.Equal((255, ""), (tunnel.ExitCode, tunnel.Output));
        Assert.Contains("forwarding failed", tunnel.Error, StringComparison.Ordinal);
        Assert.True(appliance.Echo(), "the port is open: it was sshd that refused");

        // 5. Nobody else.
        Assert.Equal(255, ssh.Run("stranger", "status").ExitCode);
    }
}

/// <summary>An sshd of its own with three keys: a viewer's, a service engineer's, and one that it does not know.</summary>
internal sealed class ServiceSsh : IDisposable
{
    private readonly string folder;
    private readonly int port = Place.FreePort();
    private readonly Process sshd;

    /// <param name="socket">The daemon's: the fragment names the default one, a test has its own.</param>
    public ServiceSsh(string folder, string socket)
    {
        this.folder = Directory.CreateDirectory(folder).FullName;
        Directory.CreateDirectory("/run/sshd");
        foreach (string key in new[] { "host", "viewer", "service", "stranger" })
        {
            Command.Check("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(folder, key));
        }

        string keys = Path.Combine(folder, "service_keys");
        File.WriteAllText(keys, $"restrict,pty {Public("viewer")}restrict,pty,environment=\"APPLIANCE_ROLE=service\" {Public("service")}");

        // The fragment as it is shipped; only user, paths and socket are this test's.
        string fragment = File.ReadAllText(Path.Combine(Place.Root, "image", "ssh", "appliance.conf"))
            .Replace("Match User service", $"Match User {Environment.UserName}", StringComparison.Ordinal)
            .Replace("/etc/ssh/appliance_keys", keys, StringComparison.Ordinal)
            .Replace("/opt/appliance/appliancectl --forced", $"{Place.Ctl} --forced --socket {socket}", StringComparison.Ordinal);
        string config = Path.Combine(folder, "sshd_config");
        File.WriteAllText(config, $"""
            Port {port}
            ListenAddress 127.0.0.1
            HostKey {Path.Combine(folder, "host")}
            PidFile none
            UsePAM no
            StrictModes no
            AcceptEnv LANG LC_*
            Subsystem sftp /usr/lib/openssh/sftp-server
            {fragment}
            """);
        sshd = Command.Start(Place.FindProgram("sshd")!, "-D", "-e", "-f", config);
        StringBuilder said = new();
        sshd.ErrorDataReceived += (_, line) => said.AppendLine(line.Data);
        sshd.BeginErrorReadLine();
        sshd.BeginOutputReadLine();
        Wait.Until(() => sshd.HasExited || IsListening(), "sshd listens", TimeSpan.FromSeconds(10));
        Assert.False(sshd.HasExited, $"sshd: {said}");
    }

    public int Port => port;

    public Command Run(string key, params string[] command) => Run(key, [], command);

    public Command Run(string key, string[] options, params string[] command) =>
        Command.Run("ssh", [.. Options(key), "-p", $"{port}", .. options, $"{Environment.UserName}@127.0.0.1", .. command]);

    /// <summary>The same, not waited for.</summary>
    public Process Start(string key, string command) =>
        Command.Start("ssh", [.. Options(key), "-p", $"{port}", $"{Environment.UserName}@127.0.0.1", command]);

    public string KeyFile(string key) => Path.Combine(folder, key);

    public Command Copy(params string[] arguments) => Command.Run(
        "scp",
        [
            .. Options("service"), "-P", $"{port}",
            .. arguments.Select(each => each.Replace("service@", $"{Environment.UserName}@", StringComparison.Ordinal)),
        ]);

    public void Dispose()
    {
        sshd.Kill(entireProcessTree: true);
        sshd.WaitForExit();
        sshd.Dispose();
    }

    private string Public(string key) => File.ReadAllText(Path.Combine(folder, key + ".pub"));

    private string[] Options(string key) =>
    [
        "-F", "none", "-i", Path.Combine(folder, key), "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes",
        "-o", "StrictHostKeyChecking=no", "-o", $"UserKnownHostsFile={Path.Combine(folder, "known")}", "-o", "LogLevel=ERROR",
    ];

    private bool IsListening()
    {
        try
        {
            using System.Net.Sockets.TcpClient client = new("127.0.0.1", port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
