using System.Text.RegularExpressions;

namespace Appliance.SystemTests;

/// <summary>What a trace of system calls says of the order of sync, rename and response.</summary>
/// <param name="Responses">C-STORE responses written to the scanner's socket.</param>
/// <param name="Violations">Responses before which, since the response before, a new file or its directory was not synced.</param>
internal sealed record SyncTrace(int Responses, IReadOnlyList<string> Violations)
{
    // PID CALL(FD<PATH>...) = RESULT. An injected call was not carried out: strace marks it.
    private static readonly Regex Sync = new(@"(?:fsync|fdatasync)\(\d+<([^>]+)>\)?.*= 0(?! \(INJECTED)", RegexOptions.Compiled);
    private static readonly Regex Rename = new(
        "(?:rename|renameat|renameat2|linkat)\\(.*\"([^\"]+)\".*\"([^\"]+)\"", RegexOptions.Compiled);
    private static readonly Regex MakeFolder = new("mkdir\\(\"([^\"]+)\".*= 0", RegexOptions.Compiled);
    // P-DATA-TF (type 4) towards the scanner: the port that we listen on stands first.
    private static readonly Regex Response = new(
        @"(?:write|sendto|sendmsg|writev)\(\d+<TCP:\[[^\]]*\]>, .*""\\4\\0", RegexOptions.Compiled);

    public static SyncTrace Read(string log, string dataFolder)
    {
        int responses = 0;
        List<string> violations = [];
        HashSet<string> synced = [];
        // Folders in which a new folder got its name, until they are synced: without that the file in it has no path after a power cut.
        HashSet<string> unsynced = [];
        string? renamedTo = null, renamedFrom = null;
        bool directorySynced = false;
        foreach (string line in Joined(File.ReadLines(log)))
        {
            if (Sync.Match(line) is { Success: true } sync)
            {
                synced.Add(sync.Groups[1].Value);
                unsynced.Remove(sync.Groups[1].Value);
                directorySynced |= renamedTo is not null && sync.Groups[1].Value == Path.GetDirectoryName(renamedTo);
            }
            else if (Rename.Match(line) is { Success: true } rename
                && rename.Groups[2].Value.StartsWith(dataFolder, StringComparison.Ordinal)
                && rename.Groups[2].Value.EndsWith(".dcm", StringComparison.Ordinal))
            {
                (renamedFrom, renamedTo, directorySynced) = (rename.Groups[1].Value, rename.Groups[2].Value, false);
            }
            else if (MakeFolder.Match(line) is { Success: true } made
                && made.Groups[1].Value.StartsWith(dataFolder + "/journal", StringComparison.Ordinal))
            {
                unsynced.Add(Path.GetDirectoryName(made.Groups[1].Value)!);
            }
            else if (Response.IsMatch(line))
            {
                responses++;
                if (renamedFrom is null || !synced.Contains(renamedFrom) || !directorySynced || unsynced.Count > 0)
                {
                    violations.Add(line);
                }

                (renamedFrom, renamedTo, directorySynced) = (null, null, false);
            }
        }

        return new SyncTrace(responses, violations);
    }

    /// <summary>Calls that strace split into `unfinished` and `resumed`, put together where they ended.</summary>
    private static IEnumerable<string> Joined(IEnumerable<string> lines)
    {
        Dictionary<string, string> begun = [];
        foreach (string line in lines)
        {
            string pid = line[..Math.Max(line.IndexOf(' '), 0)];
            int unfinished = line.IndexOf(" <unfinished ...>", StringComparison.Ordinal);
            int resumed = line.IndexOf(" resumed>", StringComparison.Ordinal);
            if (unfinished >= 0)
            {
                begun[pid] = line[..unfinished];
                // A response counts when it begins to be written, not when the call returns.
                if (Response.IsMatch(line))
                {
                    yield return begun[pid];
                    begun.Remove(pid);
                }
            }
            else if (resumed >= 0)
            {
                if (begun.Remove(pid, out string? head))
                {
                    yield return head + line[(resumed + " resumed>".Length)..];
                }
            }
            else
            {
                yield return line;
            }
        }
    }
}
